using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>A plan that is answered by ordinals, rows in and around its windows, and one unit of them.</summary>
internal sealed record OrdinalQuestion(QueryPlan Plan, ImmutableArray<BoundedModel.Row> Rows, ImmutableArray<BoundedModel.Row> Unit)
{
    private const string Zone = "Europe/Vienna";

    /// <summary>Everything is sealed.</summary>
    public static readonly DateTime Sealed = new(2025, 2, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime Start = new(2024, 3, 3, 23, 0, 0, DateTimeKind.Utc);

    /// <summary>Which questions there are.</summary>
    internal enum Kind
    {
        ByDayAndAction,
        DistinctByDayAndAction,
        ByDayOfOneAction,
        ByDayAndPrivateAction,
        Total,
    }

    private static Gen<BoundedModel.Row> Row { get; } =
        from subject in Gen.Int[1, 3]
        from day in Gen.Int[0, 3]
        from minutes in Gen.Int[0, (24 * 60) - 1]
        from action in Gen.OneOf("buy", "look", "return", "other", null)
        from city in Gen.OneOf("Graz", "Wien", null)
        from amount in Gen.Int[-40, 100].Select(i => i > 80 ? null : (decimal?)(i / 10m))
        select new BoundedModel.Row(subject, Start.AddDays(7 * day).AddMinutes(minutes), action, city, amount);

    public static Gen<OrdinalQuestion> Generator { get; } =
        from unit in Gen.Enum<PrivacyUnit>()
        from kind in Gen.Enum<Kind>()
        from groups in Gen.Int[1, 4]
        from most in Gen.Int[1, 3]
        from rows in Row.Array[0, 60]
        from removed in Gen.Int[0, 59]
        select Make(unit, kind, groups, most, rows, removed);

    /// <summary>A dataset that ranks by day and action.</summary>
    public static Dataset Events(PrivacyUnit unit, string zone = Zone, long id = 1) => Shop.Dataset(unit, zone, id) with { Name = EventsDataset.Name };

    public static QueryPlan PlanOf(Query query, Dataset dataset, DateTime? sealedThrough = null) =>
        Shop.Plan(query with { Source = EventsDataset.Name }, dataset, sealedThrough ?? Sealed);

    /// <summary>The rows with ordinals that are given in the plainest way.</summary>
    public static ImmutableArray<(BoundedModel.Row Row, int[]? Ordinals)> Rank(Dataset dataset, IEnumerable<BoundedModel.Row> rows)
    {
        Dictionary<(long, DateOnly), List<string>> windows = [];
        Dictionary<(long, DateOnly), int> counts = [];
        Dictionary<string, int> groups = [];
        BoundedModel.Row[] all = [.. rows];
        foreach (BoundedModel.Row row in all)
        {
            List<string> known = Of(windows, (row.Subject, Window(dataset, row.Time)));
            if (!known.Contains(Group(dataset, row)))
                known.Add(Group(dataset, row));
        }

        foreach (List<string> known in windows.Values)
            known.Sort(StringComparer.Ordinal);
        return
        [
            .. all.Select(row =>
            {
                (long, DateOnly) window = (row.Subject, Window(dataset, row.Time));
                string group = Group(dataset, row);
                int inWindow = counts[window] = counts.GetValueOrDefault(window) + 1;
                int inGroup = groups[group] = groups.GetValueOrDefault(group) + 1;
                return (row, (int[]?)[inWindow, windows[window].IndexOf(group) + 1, inGroup]);
            }),
        ];
    }

    private static List<string> Of(Dictionary<(long, DateOnly), List<string>> lists, (long, DateOnly) key) =>
        lists.TryGetValue(key, out List<string>? list) ? list : lists[key] = [];

    private static DateOnly Day(Dataset dataset, DateTime time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time, TimeZoneInfo.FindSystemTimeZoneById(dataset.TimeZone)));

    private static DateOnly Window(Dataset dataset, DateTime time) => TruncationWindow.FirstDate(dataset.Unit, Day(dataset, time));

    // In an order that tells nothing of days and actions.
    private static string Group(Dataset dataset, BoundedModel.Row row)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{row.Subject}|{Day(dataset, row.Time).DayNumber}|{row.Action ?? "-"}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static OrdinalQuestion Make(PrivacyUnit unit, Kind kind, int groups, int most, BoundedModel.Row[] rows, int removed)
    {
        Dataset dataset = Events(unit);
        if (kind == Kind.ByDayAndPrivateAction)
            dataset = dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == "action" ? f with { Domain = null } : f)] };
        bool months = unit is PrivacyUnit.Subject or PrivacyUnit.SubjectPerMonth;
        GroupKey[] keys = [new PeriodKey(Period.Day), new ExpressionKey("action")];
        Measure[] measures =
        [
            new(MeasureFunction.Count), new(MeasureFunction.Sum, "amount"), new(MeasureFunction.Mean, "amount"), new(MeasureFunction.Variance, "amount"),
        ];
        Query query = new(EventsDataset.Name, kind switch
        {
            Kind.Total => [measures[0]],
            Kind.DistinctByDayAndAction => [.. measures, new Measure(MeasureFunction.DistinctSubjects)],
            _ => [.. measures],
        })
        {
            GroupBy = kind switch { Kind.Total => [], Kind.ByDayOfOneAction => [keys[0]], _ => [.. keys] },
            Where = kind == Kind.ByDayOfOneAction ? [Expression.Condition("action", Operation.Equal, [Literal.Of("buy")])] : [],
            From = RangeEdge.On(new DateOnly(2024, 3, months ? 1 : 4)),
            To = RangeEdge.On(new DateOnly(2024, 4, 1)),
            Contribution = new ContributionBounds(kind == Kind.ByDayOfOneAction ? 31 : groups, most),
            Epsilon = 10,
        };
        QueryPlan plan = PlanOf(query, dataset);
        if (rows.Length == 0)
            return new OrdinalQuestion(plan, [], []);
        BoundedModel.Row one = rows[removed % rows.Length];
        return new OrdinalQuestion(
            plan,
            [.. rows],
            [.. rows.Where(r => r.Subject == one.Subject && (unit == PrivacyUnit.Subject || Window(dataset, r.Time) == Window(dataset, one.Time)))]);
    }
}
