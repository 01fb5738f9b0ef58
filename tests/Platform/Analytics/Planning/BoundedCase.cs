using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>A random plan, random rows, and one unit of them that is there or not.</summary>
internal sealed record BoundedCase(QueryPlan Plan, ImmutableArray<BoundedModel.Row> Others, ImmutableArray<BoundedModel.Row> Unit, byte[] Nonce)
{
    private static readonly string[] Zones = ["UTC", "Europe/Vienna", "America/St_Johns"];
    private static readonly DateTime Start = new(2024, 3, 29, 0, 0, 0, DateTimeKind.Utc);

    private static Gen<BoundedModel.Row> Row { get; } =
        from subject in Gen.Int[1, 4]
        from minutes in Gen.Int[0, (7 * 24 * 60) - 1]
        from action in Gen.OneOf("buy", "look", "return", "other", null)
        from city in Gen.OneOf("Graz", "Linz", "Wien", null)
        from amount in Gen.Int[-40, 100].Select(i => i > 80 ? null : (decimal?)(i / 10m))
        select new BoundedModel.Row(subject, Start.AddMinutes(minutes), action, city, amount);

    public static Gen<BoundedCase> Generator { get; } =
        from unit in Gen.Enum<PrivacyUnit>()
        from zone in Gen.OneOf(Zones)
        from queryZone in Gen.OneOf(Zones)
        from period in Gen.Int[0, 4]
        from field in Gen.Int[0, 2]
        from days in Gen.Int[1, 6]
        from hours in Gen.Int[0, 23]
        from kappa in Gen.Int[1, 4]
        from most in Gen.Int[1, 3]
        from filtered in Gen.Bool
        from rows in Row.Array[0, 40]
        from nonce in Gen.Byte.Array[16]
        from removed in Gen.Int[0, 39]
        select Make(unit, zone, queryZone, period, field, days, hours, kappa, most, filtered, rows, nonce, removed);

    /// <summary>All rows.</summary>
    public IEnumerable<BoundedModel.Row> All => Others.Concat(Unit);

    /// <summary>
    /// What the unit changes in the numbers of a component that get noise: cells changed, the largest change of a cell (of a tree, on one level), and the summed
    /// and squared changes.
    /// </summary>
    public static (long Cells, BigInteger Max, BigInteger Sum, BigInteger Squares) Difference(
        QueryPlan plan, Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without, int component)
    {
        int first = plan.Components.Take(component).Sum(c => BoundedModel.Leaves(c));
        int leaves = BoundedModel.Leaves(plan.Components[component]);
        Binning? bins = plan.Components[component].Shape.Bins;

        (long cells, BigInteger max, BigInteger sum, BigInteger squares) = (0, 0, 0, 0);
        foreach (string cell in with.Keys.Union(without.Keys))
        {
            BigInteger[] changes = [.. Numbers(with, cell).Zip(Numbers(without, cell), (x, y) => BigInteger.Abs(x - y))];
            BigInteger change = changes.Aggregate(BigInteger.Zero, (total, c) => total + c);
            if (change.IsZero)
                continue;
            int levels = bins?.Height ?? 1;
            (cells, max, sum) = (cells + levels, BigInteger.Max(max, (change + levels - 1) / levels), sum + change);
            squares += changes.Aggregate(BigInteger.Zero, (total, c) => total + (c * c));
        }

        return (cells, max, sum, squares);

        BigInteger[] Numbers(Dictionary<string, BigInteger[]> sums, string cell)
        {
            BigInteger[] values = sums.TryGetValue(cell, out BigInteger[]? found) ? found[first..(first + leaves)] : new BigInteger[leaves];
            return bins?.Count(values) ?? values;
        }
    }

    /// <summary>Whether the change keeps to the planned sensitivity of every component.</summary>
    public static bool Within(QueryPlan plan, Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without)
    {
        for (int i = 0; i < plan.Components.Length; i++)
        {
            (long cells, BigInteger max, BigInteger sum, BigInteger squares) = Difference(plan, with, without, i);
            Sensitivity bound = plan.Components[i].Sensitivity;
            if (cells > bound.L0 || max > bound.MaxChange || sum > bound.L1 || squares > bound.SquaredL2)
                return false;
        }

        return true;
    }

    private static BoundedCase Make(
        PrivacyUnit unit, string zone, string queryZone, int period, int field, int days, int hours, int kappa, int most, bool filtered,
        BoundedModel.Row[] rows, byte[] nonce, int removed)
    {
        List<GroupKey> keys = [];
        if (period < 4)
            keys.Add(new PeriodKey((Period)period));
        if (field > 0)
            keys.Add(new ExpressionKey(field == 1 ? "action" : "city"));
        Query query = new("shop",
        [
            new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "amount"), new Measure(MeasureFunction.Mean, "amount"),
            new Measure(MeasureFunction.DistinctSubjects), new Measure(MeasureFunction.Variance, "amount"), new Measure(MeasureFunction.DistinctValues, "city"),
            new Measure(MeasureFunction.Quantiles, "amount") { Points = [0.5m] }, new Measure(MeasureFunction.Histogram, "amount") { Points = [0m, 2.5m] },
        ])
        {
            GroupBy = [.. keys],
            Where = filtered ? [Expression.Condition("action", Operation.NotEqual, [Literal.Of("return")])] : [],
            From = RangeEdge.At(Start.AddHours(hours)),
            To = RangeEdge.At(Start.AddHours(hours).AddDays(days)),
            // Hours are refused in zones that are not whole hours from UTC.
            TimeZone = (Period)period == Period.Hour && queryZone == "America/St_Johns" ? "UTC" : queryZone,
            Contribution = new ContributionBounds(kappa, most),
            Epsilon = 10,
        };
        QueryPlan plan = Shop.Plan(query, Shop.Dataset(unit, zone));
        if (rows.Length == 0)
            return new BoundedCase(plan, [], [], nonce);
        BoundedModel.Row one = rows[removed % rows.Length];
        ImmutableArray<BoundedModel.Row> gone = [.. rows.Where(r => r.Subject == one.Subject && SameBlock(plan, r.Time, one.Time))];
        return new BoundedCase(plan, [.. rows.Where(r => !gone.Contains(r))], gone, nonce);
    }

    private static bool SameBlock(QueryPlan plan, DateTime first, DateTime second)
    {
        if (BlockInterval.PeriodOf(plan.Dataset.Unit) is not { } period)
            return true;
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(plan.Dataset.TimeZone);
        return First(first) == First(second);

        DateOnly First(DateTime time) => PeriodGrid.FirstDate(period, DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time, zone)));
    }
}
