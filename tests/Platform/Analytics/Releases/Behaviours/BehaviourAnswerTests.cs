using System.Collections.Immutable;
using System.Numerics;
using Opaline.Analytics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Platform.Tests.Analytics.Releases.Behaviours;

/// <summary>What is made of noisy cells: monotone, never negative, and with intervals that cover as often as they say.</summary>
public class BehaviourAnswerTests
{
    private const int Runs = 4_000;
    private const double FalseAlarm = 1e-9;

    private static readonly FunnelSource Funnel = new("shop", [Step("look"), Step("buy"), Step("return"), Step("look")]);

    [Fact]
    public void A_noisy_funnel_falls_from_step_to_step_and_is_never_negative()
    {
        QueryPlan plan = Shop.Plan(new Query(Funnel, []) { Epsilon = 0.2 });
        foreach (ImmutableArray<AnswerRow> rows in Answers(plan, [4, 1, 0, 0], 200))
        {
            decimal[] counts = [.. rows.Select(r => r.Values[0].Value)];
            Assert.Equal(counts.OrderDescending(), counts);
            Assert.All(rows.SelectMany(r => r.Values), v => Assert.True(v.Value >= 0 && v.Low >= 0 && v.Low <= v.Value && v.Value <= v.High));
            Assert.All(rows, r => Assert.True(r.Values[1].High <= 1 && r.Values[2].High <= 1));
        }
    }

    // Eleven intervals, each held to its 95 % from below at 1e-9.
    [Theory]
    [InlineData(60, 25, 10, 30)]
    [InlineData(5, 0, 3, 0)]
    public void Intervals_of_steps_and_rates_cover_at_least_as_often_as_they_say(params int[] cells)
    {
        QueryPlan plan = Shop.Plan(new Query(Funnel, []) { Epsilon = 0.5 });
        double[] reached = [.. Enumerable.Range(0, 4).Select(i => (double)cells[i..].Sum())];
        int[,] covered = new int[4, 3];
        foreach (ImmutableArray<AnswerRow> rows in Answers(plan, cells, Runs))
        {
            for (int i = 0; i < 4; i++)
            {
                double[] truths = [reached[i], reached[i] / reached[0], i == 0 ? 1 : reached[i - 1] == 0 ? 0 : reached[i] / reached[i - 1]];
                for (int v = 0; v < 3; v++)
                    covered[i, v] += (double)rows[i].Values[v].Low <= truths[v] + 1e-6 && truths[v] - 1e-6 <= (double)rows[i].Values[v].High ? 1 : 0;
            }
        }

        foreach (int count in covered)
            Assert.True(count >= Runs * 0.95 || ExactTests.BinomialAccepts(count, Runs, 0.95, FalseAlarm));
    }

    [Fact]
    public void Intervals_of_other_noise_than_is_drawn_are_caught()
    {
        QueryPlan plan = Shop.Plan(new Query(Funnel, []) { Epsilon = 0.5 });
        DiscreteGaussian twin = new(plan.Components[0].Noise.Parameter * new Rational(9, 4));
        int covered = Answers(plan, [60, 25, 10, 30], Runs, (_, noise) => twin.Fill(noise)).Count(rows => rows[2].Values[0].Low <= 40 && rows[2].Values[0].High >= 40);
        Assert.False(covered >= Runs * 0.95 || ExactTests.BinomialAccepts(covered, Runs, 0.95, FalseAlarm));
    }

    [Fact]
    public void Retention_and_stickiness_cover_as_often_as_they_say()
    {
        QueryPlan retention = Shop.Plan(new Query(new RetentionSource("shop", 3) { Days = 7 }, []) { Epsilon = 0.5 });
        int covered = Answers(retention, [200, 80, 20], Runs).Count(rows => rows[1].Values[1].Low <= 0.4m && rows[1].Values[1].High >= 0.4m);
        Assert.True(covered >= Runs * 0.95 || ExactTests.BinomialAccepts(covered, Runs, 0.95, FalseAlarm));
        Query question = new(new ActivitySource("shop", Period.Week), [])
        {
            Epsilon = 1,
            From = RangeEdge.On(new DateOnly(2024, 1, 1)),
            To = RangeEdge.On(new DateOnly(2024, 1, 8)),
        };
        // Seven days of 70 and a week of 140: half.
        int sticky = Answers(Shop.Plan(question), [.. Enumerable.Repeat(70, 7), 140], Runs)
            .Count(rows => rows[0].Values[2].Low <= 0.5m && rows[0].Values[2].High >= 0.5m);
        Assert.True(sticky >= Runs * 0.95 || ExactTests.BinomialAccepts(sticky, Runs, 0.95, FalseAlarm));
    }

    [Fact]
    public void Columns_made_of_the_numbers_of_a_behaviour_have_the_intervals_of_those_numbers()
    {
        // A step is a sum of several noisy integers: the noise of one would be too little.
        QueryPlan plan = Shop.Plan(new Query(Funnel, []) { Epsilon = 0.5 });
        Presentation asked = QueryJson.Parse(
            """
            {"dataset":"shop","measures":[{"function":"count"}],"columns":[{"field":"subjects","name":"n"},
             {"expression":{"op":"multiply","args":[{"field":"subjects"},{"value":2}]},"name":"double"},
             {"expression":{"op":"add","args":[{"field":"subjects"},{"field":"subjects"}]},"name":"sum"}]}
            """).Presentation!;
        AnswerCost cost = new(0, 0, 1e-6, 0, []);
        ImmutableArray<AnswerRow> rows = Answers(plan, [60, 25, 10, 30], 1).Single();
        Answer shown = PlannedPresentation.Of(plan, asked).Show(new Answer("", false, Shop.From, 1, rows, PlanSummaries.Of(plan), cost), new SummedNoise(), CancellationToken.None);
        Assert.All(shown.Table.Rows, row =>
        {
            Assert.Equal((2 * row.Values[0]!.Low, 2 * row.Values[0]!.High), (row.Values[1]!.Low, row.Values[1]!.High));
            Assert.Null(row.Values[2]!.Low);
        });
    }

    private static IEnumerable<ImmutableArray<AnswerRow>> Answers(QueryPlan plan, int[] cells, int count, NoiseDraw? draw = null)
    {
        CellSums sums = new(plan);
        // Rows as an engine returns them: a number for a key on a grid, text for another.
        BoundedAggregation statement = new("", [], [.. Enumerable.Range(0, plan.Components.Length)]);
        PlannedExpressionKey key = plan.Keys.OfType<PlannedExpressionKey>().Single();
        object?[] Row(int i) =>
        [
            key.Expression.Grid is { } grid ? grid.Lower + i : Labels(key, i), .. plan.Components.Select(_ => (object)new BigInteger(cells[i])),
        ];
        sums.Add(statement, [.. Enumerable.Range(0, cells.Length).Select(Row)]);
        Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> rows = plan.Derivation!.Prepare(plan, new SummedNoise())!;
        for (int run = 0; run < count; run++)
            yield return rows(sums, new ReleaseNoise(plan, draw ?? ((scale, noise) => scale.Law.Fill(noise))));
    }

    // Days by their numbers, then the week.
    private static string Labels(PlannedExpressionKey key, int i) => key.Domain!.Value.OrderBy(d => long.Parse(d, System.Globalization.CultureInfo.InvariantCulture)).ElementAt(i);

    private static FunnelStep Step(string action) => new(Expression.Condition("action", Operation.Equal, [Literal.Of(action)]));
}
