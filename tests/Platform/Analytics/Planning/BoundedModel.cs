using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>
/// The bounded aggregation said again in the plainest way, over rows in memory: what SQL must compute, and what sensitivities are checked against.
/// </summary>
internal static class BoundedModel
{
    internal sealed record Row(long Subject, DateTime Time, string? Action, string? City, decimal? Amount);

    /// <summary>Sums by cell, one per component of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="nonce">The release's secret.</param>
    /// <param name="forgetKappa">The broken twin: every group of a unit is kept.</param>
    public static Dictionary<string, BigInteger[]> Sums(QueryPlan plan, IEnumerable<Row> rows, byte[] nonce, bool forgetKappa = false)
    {
        ImmutableArray<Component> components = plan.Components;
        int numbers = components.Sum(Leaves);
        int first = 0;
        Dictionary<string, BigInteger[]> sums = [];
        List<(Row Row, string[] Keys, string Unit)> picked = [];
        foreach (Row row in rows.Where(r => r.Time >= plan.Range.From && r.Time < plan.Range.To && Holds(plan, r)))
        {
            string[] keys = [.. plan.Keys.Select(k => Key(k, row)).OfType<string>()];
            if (keys.Length == plan.Keys.Length)
                picked.Add((row, keys, Unit(plan, row.Time)));
        }

        for (int place = 0; place < components.Length; place++)
        {
            Component component = components[place];
            HashSet<(string Cell, string Value)> seen = [];
            (int kappa, bool ranked) = component.Spans
                ? (plan.Nesting.SpanKappa, plan.Nesting.SpanRanked)
                : (plan.Nesting.Kappa, plan.Nesting.Ranked);
            foreach (var unit in picked.GroupBy(p => (p.Row.Subject, Unit: component.Spans ? "" : p.Unit)))
            {
                IEnumerable<IGrouping<string, (Row Row, string[] Keys, string Unit)>> groups = unit.GroupBy(p => Cell(p.Keys));
                if (ranked && !forgetKappa)
                    groups = InOrder(groups, g => Order(nonce, unit.Key.Subject, unit.Key.Unit, g.First().Keys), g => g.Key).Take(kappa);
                foreach (var group in groups)
                {
                    string cell = Cell(plan.Keys.Select((k, i) => Label(k, group.First().Keys[i])));
                    if (!sums.TryGetValue(cell, out BigInteger[]? values))
                        sums[cell] = values = new BigInteger[numbers];
                    string Item(string value) => Order(nonce, unit.Key.Subject, unit.Key.Unit, [.. group.First().Keys, value]);
                    switch (component.Shape.Kind)
                    {
                        case ComponentKind.Values:
                            foreach (string value in group.Select(p => p.Row.City).OfType<string>().Distinct().OrderBy(Item, StringComparer.Ordinal).Take(component.RowsPerGroup))
                                values[first] += seen.Add((cell, value)) ? 1 : 0;
                            break;
                        case ComponentKind.BinRows:
                            int rest = component.RowsPerGroup;
                            foreach (IGrouping<int, int> bin in group.Select(p => Bin(component.Shape, p.Row)).OfType<int>().GroupBy(b => b).OrderBy(b => Item(Number(b.Key)), StringComparer.Ordinal))
                            {
                                int kept = Math.Min(rest, bin.Count());
                                rest -= kept;
                                values[first + bin.Key] += kept;
                            }

                            break;
                        default:
                            values[first] += Contribution(component, group.Select(p => p.Row));
                            break;
                    }
                }
            }

            first += Leaves(component);
        }

        return sums;
    }

    /// <summary>The name of a cell or group; no two have one.</summary>
    public static string Cell(IEnumerable<string> keys) => string.Join('\n', keys);

    /// <summary>Items in the keyed order: by hash, and by their names where hashes are equal.</summary>
    public static IEnumerable<T> InOrder<T>(IEnumerable<T> items, Func<T, string> hash, Func<T, string> name) =>
        items.OrderBy(hash, StringComparer.Ordinal).ThenBy(name, StringComparer.Ordinal);

    /// <summary>The hash by which items of a unit are ordered.</summary>
    public static string Order(byte[] nonce, long subject, string unit, string[] item)
    {
        string[] parts = [Convert.ToHexStringLower(nonce), Number(subject), .. unit.Length == 0 ? [] : (string[])[unit], .. item];
#pragma warning disable CA5351 // The keyed order has to be computed by every engine; it hides nothing but which groups of a unit are kept.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Join('|', parts))));
#pragma warning restore CA5351
    }

    /// <summary>Sums by cell of a plan whose contributions are bounded by ordinals.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ranked">All rows with their ordinals: in the window, of the group, in the group; null where they have none.</param>
    /// <param name="forgetGroups">A broken twin: the group filter is forgotten.</param>
    /// <param name="keepUnranked">A broken twin: rows without ordinals count too.</param>
    public static Dictionary<string, BigInteger[]> SumsByOrdinals(
        QueryPlan plan, IEnumerable<(Row Row, int[]? Ordinals)> ranked, bool forgetGroups = false, bool keepUnranked = false)
    {
        OrdinalBounds bounds = plan.Ordinals!.RowBounds;
        Dictionary<string, BigInteger[]> sums = [];
        foreach ((Row row, int[]? ordinals) in ranked.Where(r => r.Row.Time >= plan.Range.From && r.Row.Time < plan.Range.To && Holds(plan, r.Row)))
        {
            string[] keys = [.. plan.Keys.Select(k => Key(k, row)).OfType<string>()];
            bool kept = ordinals is null
                ? keepUnranked
                : !(ordinals[0] > bounds.RowsKeptPerWindow) && (forgetGroups || !(ordinals[1] > bounds.GroupsKept)) && !(ordinals[2] > bounds.RowsKeptPerGroup);
            if (!kept || keys.Length < plan.Keys.Length)
                continue;
            string cell = Cell(plan.Keys.Select((k, i) => Label(k, keys[i])));
            if (!sums.TryGetValue(cell, out BigInteger[]? values))
                sums[cell] = values = new BigInteger[plan.Components.Length];
            foreach ((int place, Component component) in plan.Components.Index())
                values[place] += component.Shape.Kind == ComponentKind.Units && ordinals?[2] > 1 ? 0 : Contribution(component, [row]);
        }

        return sums;
    }

    /// <summary>How many sums a component has in a cell.</summary>
    public static int Leaves(Component component) => component.Shape.Bins?.Leaves ?? 1;

    private static BigInteger Steps(ValueGrid grid, decimal amount) =>
        (BigInteger)decimal.Floor((decimal.Clamp(amount, grid.LowerValue, grid.UpperValue) / grid.Granularity) + 0.5m);

    private static int? Bin(ComponentShape shape, Row row)
    {
        if (row.Amount is not { } amount)
            return null;
        BigInteger steps = Steps(shape.Grid!, amount);
        return shape.Bins!.Branching == 0 ? shape.Bins.Starts.Count(s => s <= steps) : (int)((steps - shape.Grid!.Lower) / shape.Bins.Width);
    }

    private static BigInteger Contribution(Component component, IEnumerable<Row> rows)
    {
        BigInteger sum = 0;
        foreach (Row row in rows)
        {
            BigInteger? steps = row.Amount is { } amount && component.Shape.Grid is { } grid
                ? Steps(grid, amount)
                : null;
            sum += component.Shape.Kind switch
            {
                ComponentKind.Rows => 1,
                ComponentKind.ValueRows => row.Amount is null ? 0 : 1,
                ComponentKind.Sum => steps ?? 0,
                ComponentKind.CentredSum => steps is { } s ? (2 * s) - component.Shape.Grid!.Lower - component.Shape.Grid.Upper : 0,
                ComponentKind.CentredSquares => steps is { } s ? Centred(s) : 0,
                _ => 0,
            };
        }

        BigInteger Centred(BigInteger s)
        {
            BigInteger c = (2 * s) - component.Shape.Grid!.Lower - component.Shape.Grid.Upper;
            return (2 * c * c) - BigInteger.Pow(component.Shape.Grid.Upper - component.Shape.Grid.Lower, 2);
        }

        BigInteger rowsAtMost = component.RowsPerGroup;
        return component.Shape.Kind switch
        {
            ComponentKind.Rows or ComponentKind.ValueRows => BigInteger.Min(sum, rowsAtMost),
            ComponentKind.Sum => BigInteger.Clamp(
                sum, BigInteger.Min(0, rowsAtMost * component.Shape.Grid!.Lower), BigInteger.Max(0, rowsAtMost * component.Shape.Grid.Upper)),
            ComponentKind.CentredSum => BigInteger.Clamp(
                sum, -rowsAtMost * (component.Shape.Grid!.Upper - component.Shape.Grid.Lower), rowsAtMost * (component.Shape.Grid.Upper - component.Shape.Grid.Lower)),
            ComponentKind.CentredSquares => BigInteger.Clamp(
                sum,
                -rowsAtMost * BigInteger.Pow(component.Shape.Grid!.Upper - component.Shape.Grid.Lower, 2),
                rowsAtMost * BigInteger.Pow(component.Shape.Grid.Upper - component.Shape.Grid.Lower, 2)),
            _ => 1,
        };
    }

    private static bool Holds(QueryPlan plan, Row row) => plan.Where.Cast<PlannedOperation>().All(c => c.Operation switch
    {
        Operation.Equal or Operation.In => row.Action is not null && Constants(c).Contains(row.Action),
        Operation.NotEqual => row.Action is not null && !Constants(c).Contains(row.Action),
        _ => throw new NotSupportedException(),
    });

    private static IEnumerable<string> Constants(PlannedOperation condition) => condition.Operands.OfType<PlannedConstant>().Select(c => c.Text);

    private static string? Key(PlannedKey key, Row row) => key switch
    {
        PlannedPeriodKey { Grid.Period: Period.Hour } => row.Time.ToString("yyyy-MM-dd HH:00:00", CultureInfo.InvariantCulture),
        PlannedPeriodKey period => Number(period.Grid.Keys[Place(period.Grid, row.Time)]),
        PlannedExpressionKey { Name: "action" } field => field.Domain is { } domain && row.Action is { } action && !domain.Contains(action) ? null : row.Action,
        _ => row.City,
    };

    private static string Label(PlannedKey key, string text) => key switch
    {
        PlannedPeriodKey { Grid.Period: Period.Hour } => text.Replace(' ', 'T') + "Z",
        PlannedPeriodKey period => period.Grid.Labels[period.Grid.Keys.IndexOf(long.Parse(text, CultureInfo.InvariantCulture))],
        _ => text,
    };

    private static int Place(PeriodGrid grid, DateTime time)
    {
        int place = grid.Starts.BinarySearch(time);
        return place >= 0 ? place : ~place - 1;
    }

    // Local dates of the dataset's zone, without any of the planner's calendars.
    private static string Unit(QueryPlan plan, DateTime time)
    {
        if (BlockInterval.PeriodOf(plan.Dataset.Unit) is not { } period)
            return "";
        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(time, TimeZoneInfo.FindSystemTimeZoneById(plan.Dataset.TimeZone));
        DateOnly date = DateOnly.FromDateTime(local);
        DateOnly first = period switch
        {
            Period.Day => date,
            Period.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
            _ => new DateOnly(date.Year, date.Month, 1),
        };
        return Number(first.DayNumber - new DateOnly(1970, 1, 1).DayNumber);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
