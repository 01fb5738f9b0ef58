using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>Equal questions share a hash, and everything that decides what an answer means is part of it.</summary>
public class PlanHashTests
{
    private static readonly Query Base = new("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "amount")])
    {
        GroupBy = [new PeriodKey(Period.Day)],
        Where =
        [
            Expression.Condition("city", Operation.In, [Literal.Of("Wien"), Literal.Of("Graz")]),
            Expression.Condition("vip", Operation.Equal, [Literal.Of(true)]),
        ],
        From = RangeEdge.On(new DateOnly(2024, 3, 1)),
        To = RangeEdge.On(new DateOnly(2024, 3, 11)),
    };

    public static TheoryData<string> Questions =>
    [
        "measures", "clamp", "where", "value", "operator", "key", "period", "from", "to", "zone", "kappa", "rows", "epsilon", "delta", "mechanism",
    ];

    public static TheoryData<string> Declarations => ["tenant", "id", "version", "zone", "unit", "scope", "bounds", "domain", "granularity", "field id"];

    [Fact]
    public void The_same_question_has_the_same_hash_however_it_is_said()
    {
        Query spelt = Base with
        {
            Where =
            [
                Expression.Condition("vip", Operation.In, [Literal.Of(true)]),
                Expression.Condition("city", Operation.In, [Literal.Of("Graz"), Literal.Of("Wien"), Literal.Of("Graz")]),
                Expression.Condition("vip", Operation.Equal, [Literal.Of(true)]),
            ],
            From = RangeEdge.At(new DateTimeOffset(2024, 3, 1, 1, 0, 0, TimeSpan.FromHours(1))),
            TimeZone = "UTC",
            Contribution = new ContributionBounds(10, 5),
            Epsilon = 1.0,
            Delta = 1e-6,
            Mechanism = NoiseMechanism.DiscreteGaussian,
            RangeOrigin = RangeOrigin.LastPeriods,
        };
        Assert.Equal(Shop.Plan(Base).HashText, Shop.Plan(spelt).HashText);
    }

    [Fact]
    public void A_larger_kappa_than_there_are_cells_asks_the_same() => Assert.Equal(
        Shop.Plan(Base with { Contribution = new ContributionBounds(10, 5) }).HashText,
        Shop.Plan(Base with { Contribution = new ContributionBounds(500, 5) }).HashText);

    [Fact]
    public void Names_are_no_part_of_what_is_asked() => Assert.Equal(
        Shop.Plan(Base).HashText,
        Shop.Plan(Base with { Measures = [Base.Measures[0] with { Name = "n" }, Base.Measures[1] with { Name = "m" }] }).HashText);

    [Theory]
    [MemberData(nameof(Questions))]
    public void Another_question_has_another_hash(string part)
    {
        Query other = part switch
        {
            "measures" => Base with { Measures = [Base.Measures[0]] },
            "clamp" => Base with { Measures = [Base.Measures[0], Base.Measures[1] with { Clamp = new ClampRange(-1, 6) }] },
            "where" => Base with { Where = [Base.Where[0]] },
            "value" => Base with { Where = [Base.Where[0], Expression.Condition("vip", Operation.Equal, [Literal.Of(false)])] },
            "operator" => Base with { Where = [Base.Where[0], Expression.Condition("vip", Operation.NotEqual, [Literal.Of(true)])] },
            "key" => Base with { GroupBy = [.. Base.GroupBy, new ExpressionKey("vip")] },
            "period" => Base with { GroupBy = [new PeriodKey(Period.Week)] },
            "from" => Base with { From = RangeEdge.On(new DateOnly(2024, 3, 2)) },
            "to" => Base with { To = RangeEdge.At(new DateTimeOffset(2024, 3, 11, 0, 0, 0, 1, TimeSpan.Zero)) },
            "zone" => Base with { TimeZone = "Africa/Abidjan" },
            "kappa" => Base with { Contribution = new ContributionBounds(9, 5) },
            "rows" => Base with { Contribution = new ContributionBounds(10, 4) },
            "epsilon" => Base with { Epsilon = 0.999 },
            "delta" => Base with { Delta = 1e-7 },
            "mechanism" => Base with { Mechanism = NoiseMechanism.DiscreteLaplace },
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
        Assert.NotEqual(Shop.Plan(Base).HashText, Shop.Plan(other).HashText);
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void The_same_question_to_another_dataset_or_version_has_another_hash(string part)
    {
        Query query = Base with { GroupBy = [.. Base.GroupBy, new ExpressionKey("action")] };
        Dataset shop = Shop.Dataset();
        Dataset other = part switch
        {
            "tenant" => shop with { Tenant = new Tenant("other") },
            "id" => shop with { Id = 2 },
            "version" => shop with { Version = 2 },
            "zone" => shop with { TimeZone = "Africa/Abidjan" },
            "unit" => shop with { Unit = PrivacyUnit.SubjectPerMonth },
            "scope" => shop with { SubjectScope = "other" },
            "bounds" => shop with { Bounds = new ContributionBounds(9, 5) },
            "domain" => Change(shop, "action", f => f with { Domain = ["buy", "look", "refund"] }),
            "granularity" => Change(shop, "amount", f => f with { Measure = new MeasureBounds(-2, 6, 0.25m) }),
            "field id" => Change(shop, "vip", f => f with { Id = 60 }),
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
        Assert.NotEqual(Shop.Plan(query, shop).HashText, Shop.Plan(query, other).HashText);
    }

    [Fact]
    public void Zones_enter_by_their_boundaries()
    {
        Query vienna = Base with { TimeZone = "Europe/Vienna", GroupBy = [new PeriodKey(Period.Day)], To = RangeEdge.On(new DateOnly(2024, 4, 5)) };
        QueryPlan plan = Shop.Plan(vienna);
        byte[] bytes = PlanBytes.Write(plan);
        // Other rules for the same zone name: the night on which clocks change is another one.
        PlannedPeriodKey key = (PlannedPeriodKey)plan.Keys[0];
        ImmutableArray<DateTime> starts = key.Grid.Starts.SetItem(10, key.Grid.Starts[10].AddHours(1));
        QueryPlan moved = plan with { Keys = [key with { Grid = key.Grid with { Starts = starts } }] };
        Assert.NotEqual(bytes, PlanBytes.Write(moved));
    }

    [Fact]
    public void Texts_that_run_into_one_another_do_not_collide()
    {
        Query Ask(params ImmutableArray<string> values) =>
            Base with { Where = [Expression.Condition("city", Operation.In, [.. values.Select(Literal.Of)])] };
        Assert.NotEqual(Shop.Plan(Ask("ab", "c")).HashText, Shop.Plan(Ask("a", "bc")).HashText);
        Assert.NotEqual(Shop.Plan(Ask("a\0b")).HashText, Shop.Plan(Ask("a", "b")).HashText);
    }

    [Fact]
    public void The_hash_of_a_plan_never_changes() =>
        // Releases and vouchers are found by it: a change of form needs a new version in the plan's first bytes.
        Assert.StartsWith("5ba76bdf42cf44ac2a5a90a59725ef67802e859cabab57b6e4", Shop.Plan(Base with { Mechanism = NoiseMechanism.DiscreteLaplace }).HashText, StringComparison.Ordinal);

    private static Dataset Change(Dataset dataset, string name, Func<Field, Field> change) =>
        dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == name ? change(f) : f)] };
}
