using System.Collections.Immutable;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning.Sources;

/// <summary>A random plan of a source, random rows of two datasets, and one unit of them that is there or not.</summary>
internal sealed record SourceCase(
    QueryPlan Plan, ImmutableArray<BoundedModel.Row> Rows, ImmutableArray<BoundedModel.Row> Others, Func<BoundedModel.Row, bool> InUnit, byte[] Nonce)
{
    /// <summary>Name of the first dataset, and of the others.</summary>
    public const string FirstName = "shop";
    public const string SecondName = "visits";
    public const string PublicName = "cities";

    private static readonly string[] Kinds =
        ["join", "left join", "public join", "subjects", "subjects by action", "funnel", "steps", "retention", "calendar retention", "sessions", "activity", "paths", "private paths"];

    private static readonly DateTime Start = new(2024, 3, 29, 0, 0, 0, DateTimeKind.Utc);

    private static Gen<BoundedModel.Row> Row { get; } =
        from subject in Gen.Int[1, 3]
        from minutes in Gen.Int[0, (7 * 24) - 1].Select(h => h * 60)
        from action in Gen.OneOf("buy", "look", "return", "other", null)
        from city in Gen.OneOf("Graz", "Graz|Linz", "Linz|Graz", null)
        from amount in Gen.Int[-40, 100].Select(i => i > 80 ? null : (decimal?)(i / 10m))
        select new BoundedModel.Row(subject, Start.AddMinutes(minutes), action, city, amount);

    public static Gen<SourceCase> Of(params string[] kinds) =>
        from kind in Gen.OneOf(kinds.Length == 0 ? Kinds : kinds)
        from unit in Gen.OneOf(PrivacyUnit.Subject, PrivacyUnit.SubjectPerDay, PrivacyUnit.SubjectPerWeek)
        from zone in Gen.OneOf("UTC", "Europe/Vienna")
        from key in Gen.Int[0, 3]
        from days in Gen.Int[1, 6]
        from hours in Gen.Int[0, 23]
        from kappa in Gen.Int[1, 3]
        from most in Gen.Int[1, 3]
        from first in Row.Array[1, 24]
        from second in Row.Array[0, 12]
        from nonce in Gen.Byte.Array[16]
        from removed in Gen.Int[0, 23]
        select Make(kind, unit, zone, key, days, hours, kappa, most, first, second, nonce, removed);

    /// <summary>The dataset of a name.</summary>
    public static Dataset Dataset(string name, PrivacyUnit unit, string zone) => name switch
    {
        FirstName => Shop.Dataset(unit, zone),
        SecondName => Shop.Dataset(unit, zone, id: 2) with { Name = SecondName },
        _ => Shop.Dataset(unit, zone, id: 3) with { Name = PublicName, SubjectScope = Opaline.Catalog.Dataset.Nobody },
    };

    private static SourceCase Make(
        string kind, PrivacyUnit unit, string zone, int key, int days, int hours, int kappa, int most,
        BoundedModel.Row[] first, BoundedModel.Row[] second, byte[] nonce, int removed)
    {
        Query query = Question(kind, key) with
        {
            From = RangeEdge.At(Start.AddHours(hours)),
            To = RangeEdge.At(Start.AddHours(hours).AddDays(days)),
            Contribution = new ContributionBounds(kappa, most),
            Epsilon = 10,
        };
        QueryPlan plan = Shop.Plan(query, (name, _) => Dataset(name, unit, zone));
        BoundedModel.Row one = first[removed % first.Length];
        bool shared = kind != "public join";
        return new SourceCase(plan, [.. first], [.. second], r => r.Subject == one.Subject && SameBlock(plan, r.Time, one.Time), nonce) { Shared = shared };
    }

    /// <summary>Whether the second dataset has rows of the unit too.</summary>
    public bool Shared { get; init; }

    /// <summary>The rows without those of the unit.</summary>
    public IReadOnlyList<BoundedModel.Row> RowsWithout => [.. Rows.Where(r => !InUnit(r))];

    /// <summary>The second dataset's rows without those of the unit.</summary>
    public IReadOnlyList<BoundedModel.Row> OthersWithout => Shared ? [.. Others.Where(r => !InUnit(r))] : Others;

    private static Query Question(string kind, int key)
    {
        ImmutableArray<Measure> counts = [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.DistinctSubjects)];
        GroupKey[] none = [];
        GroupKey[] Or(params string[] fields) => key switch
        {
            0 => none,
            1 => [new PeriodKey(Period.Day)],
            _ => [new ExpressionKey(fields[(key - 2) % fields.Length])],
        };
        return kind switch
        {
            "join" or "left join" => new Query(
                new JoinSource(FirstName, SecondName, kind == "join" ? JoinKind.Inner : JoinKind.Left), [.. counts, new Measure(MeasureFunction.Sum, "visits.amount")])
            {
                GroupBy = [.. Or("shop.action", "visits.city")],
            },
            "public join" => new Query(
                new JoinSource(FirstName, PublicName, JoinKind.Inner, new JoinColumns("shop.city", "city")), [.. counts, new Measure(MeasureFunction.Sum, "cities.amount")])
            {
                GroupBy = [.. Or("shop.action", "cities.action")],
            },
            "subjects" => new Query(
                new SubjectSource(
                    FirstName,
                    [
                        new("visits", SubjectFunction.Count, null, new ClampRange(0, 3)), new("total", SubjectFunction.Sum, "amount", new ClampRange(-3, 9)),
                        new("best", SubjectFunction.Greatest, "amount"),
                    ]),
                [.. counts, new Measure(MeasureFunction.Sum, "total")])
            {
                GroupBy = [.. Or("visits", "best")],
            },
            "subjects by action" => new Query(
                new SubjectSource(FirstName, [new("visits", SubjectFunction.Count, null, new ClampRange(0, 3)), new("least", SubjectFunction.Least, "amount")]) { GroupBy = [new ExpressionKey("action")] },
                [.. counts, new Measure(MeasureFunction.Sum, "least")])
            {
                GroupBy = [.. Or("visits", "action")],
            },
            "funnel" => new Query(Funnel(key), []),
            "steps" => new Query(Funnel(key), [.. counts, new Measure(MeasureFunction.Sum, "step")]) { GroupBy = [.. Or("step", "step")] },
            "retention" => new Query(new RetentionSource(FirstName, 3) { Days = key < 2 ? 1 : 2 }, []) { GroupBy = key % 2 == 0 ? [] : [new PeriodKey(Period.Day)] },
            "calendar retention" => new Query(new RetentionSource(FirstName, 4) { Calendar = Period.Day }, counts) { GroupBy = [.. Or("elapsed", "elapsed")] },
            "sessions" => new Query(new SessionSource(FirstName, TimeSpan.FromHours(12)) { MostEvents = 3, MostMinutes = 600 }, [.. counts, new Measure(MeasureFunction.Sum, "minutes")])
            {
                GroupBy = [.. Or("events", "events")],
            },
            "activity" => new Query(new ActivitySource(FirstName, Period.Week), []),
            "private paths" => new Query(new PathSource(FirstName, "city"), []) { GroupBy = key < 2 ? [] : [new PeriodKey(Period.Day)] },
            _ => new Query(new PathSource(FirstName, "action", 2 + (key % 2)), []) { GroupBy = key < 2 ? [] : [new PeriodKey(Period.Day)] },
        };
    }

    private static FunnelSource Funnel(int key) => new(FirstName, [Step("buy"), Step("look"), Step("return")]) { Window = key % 2 == 0 ? null : TimeSpan.FromHours(30) };

    private static FunnelStep Step(string action) => new(Expression.Condition("action", Operation.Equal, [Literal.Of(action)]));

    private static bool SameBlock(QueryPlan plan, DateTime first, DateTime second)
    {
        if (BlockInterval.PeriodOf(plan.Dataset.Unit) is not { } period)
            return true;
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(plan.Dataset.TimeZone);
        return FirstDate(first) == FirstDate(second);

        DateOnly FirstDate(DateTime time) => PeriodGrid.FirstDate(period, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time, zone)));
    }
}
