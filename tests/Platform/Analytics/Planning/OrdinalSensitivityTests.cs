using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage.Events.Ordinals;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>Adding or removing one unit never moves what a filter on ordinals lets through by more than the rules say.</summary>
public class OrdinalSensitivityTests
{
    private const string Key = "a secret";

    [Theory]
    [InlineData(PrivacyUnit.Subject)]
    [InlineData(PrivacyUnit.SubjectPerDay)]
    [InlineData(PrivacyUnit.SubjectPerWeek)]
    [InlineData(PrivacyUnit.SubjectPerMonth)]
    public void One_unit_moves_no_sum_by_more_than_the_bound_which_is_reached(PrivacyUnit unit)
    {
        RulesMet rules = new();
        bool[] reached = new bool[3];
        Cases(unit).Sample(
            (question, history) =>
            {
                OrdinalBounds bounds = question.Bounds;
                long[] changes = Changes(question, history, OrdinalModel.Fault.None);
                Assert.True(question.Within(bounds, changes));
                (long cells, BigInteger most, _, BigInteger squares) = OrdinalCase.Measure(changes);
                if (cells > 0)
                    rules.Count(question.Rules);
                // Cases run at the same time: what one has set no other may take back.
                if (cells > 1 && cells == bounds.L0)
                    reached[0] = true;
                if (bounds.RowsPerCell > 1 && most == bounds.MaxChange(question.Clamp))
                    reached[1] = true;
                if (bounds.Rows > bounds.RowsPerCell && squares == bounds.SquaredL2(question.Clamp))
                    reached[2] = true;
            },
            iter: LongRuns.Times(10_000, 3));
        rules.AssertMet([.. OrdinalCase.RulesOf(unit)]);
        // A bound that no case ever reaches would mean that the cases are too tame, or that noise is wasted.
        Assert.All(reached, Assert.True);
    }

    [Fact]
    public void A_bound_that_takes_the_root_of_m_where_m_belongs_is_caught() => Assert.True(CaughtBounds(question =>
    {
        // √m·k·L, as if windows never met in a cell.
        OrdinalBounds one = question.BoundsOf(question.Shape with { Windows = 1, WindowsPerCell = 1, Cells = null });
        return question.Shape.Windows * one.SquaredL2(question.Clamp);
    }));

    [Fact]
    public void A_bound_that_takes_the_root_of_R_is_caught() => Assert.True(CaughtBounds(question => question.Groups is null
        ? question.Shape.Windows * question.Rows * question.Clamp * question.Clamp
        : question.Bounds.SquaredL2(question.Clamp)));

    // One group of a day in a cell, while ranks were given by day and action.
    [Fact]
    public void A_bound_of_another_grouping_than_that_of_the_ranks_is_caught()
    {
        int caught = 0;
        Cases(PrivacyUnit.Subject).Where(c => c.Question is { Keys: OrdinalCase.Grouping.Day, Groups: not null }).Sample(
            (question, history) =>
            {
                if (!question.Within(question.BoundsOf(question.Shape with { GroupsPerCell = 1 }), Changes(question, history, OrdinalModel.Fault.None)))
                    Interlocked.Increment(ref caught);
            },
            iter: 400);
        Assert.True(caught > 0);
    }

    [Fact]
    public void Ordinals_that_depend_on_the_batch_are_caught()
    {
        int caught = 0;
        Cases(PrivacyUnit.Subject).Sample(
            (question, history) =>
            {
                if (!question.Within(question.Bounds, Changes(question, history, OrdinalModel.Fault.SortsTheBatch)))
                    Interlocked.Increment(ref caught);
            },
            iter: 4_000);
        Assert.True(caught > 0);
    }

    private static bool CaughtBounds(Func<OrdinalCase, BigInteger> squared)
    {
        int caught = 0;
        Cases(PrivacyUnit.Subject).Sample(
            (question, history) =>
            {
                if (OrdinalCase.Measure(Changes(question, history, OrdinalModel.Fault.None)).Squares > squared(question))
                    Interlocked.Increment(ref caught);
            },
            iter: 4_000);
        return caught > 0;
    }

    private static Gen<(OrdinalCase Question, OrdinalHistory History)> Cases(PrivacyUnit unit) =>
        Gen.Select(OrdinalCase.Generator(unit), OrdinalHistory.Generator(unit, TimeZoneInfo.Utc));

    private static long[] Changes(OrdinalCase question, OrdinalHistory history, OrdinalModel.Fault fault) =>
        [.. OrdinalCase.Changes(Sums(question, history.Rows, fault), Sums(question, history.Others, fault))];

    private static Dictionary<(long, long, string, string), long> Sums(OrdinalCase question, ImmutableArray<OrdinalModel.Row> rows, OrdinalModel.Fault fault) =>
        question.Sums(new OrdinalModel(Key, fault).Run(rows, OrdinalHistory.Ticks));
}
