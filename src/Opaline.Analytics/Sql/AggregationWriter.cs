using System.Collections.Immutable;
using Opaline.Storage;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>
/// Writes bounded aggregations in the shape that DuckDB, PostgreSQL and Citus run alike: pick rows; group by the bare subject (and unit) and keys, clamp each
/// partial sum; keep κ groups of each in keyed-hash order; add up integers. Sub-selects only, one grouping set, no function that goes by two names; but DuckDB
/// keeps the κ groups in a way of its own (<see cref="GroupWriter.RankMany"/>), and long funnels (<see cref="BehaviourWriter"/>). Noise and public domains are added in our process.
/// </summary>
internal static class AggregationWriter
{
    /// <summary>The statements of a plan: one grouped by units, one by whole subjects where a measure spans units, and one for each component that keeps single values.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="visibleLsn">The last row that the tick shows.</param>
    /// <param name="nonce">The release's secret: nobody can steer which groups of a unit survive.</param>
    /// <param name="dialect">Whose SQL; PostgreSQL's runs everywhere.</param>
    public static ImmutableArray<BoundedAggregation> Write(
        QueryPlan plan, long visibleLsn, ReadOnlySpan<byte> nonce, SqlDialect dialect)
    {
        if (plan.Ordinals is { } ordinals)
            return [OrdinalWriter.Write(plan, ordinals, visibleLsn)];
        string key = Convert.ToHexStringLower(nonce);
        ImmutableArray<Component> all = plan.Components;
        return
        [
            .. Enumerable.Range(0, all.Length)
                .GroupBy(i => (all[i].Spans, Alone: all[i].Shape.Itemized ? i : -1))
                .OrderBy(group => group.Key)
                .Select(group => Write(plan, [.. group], [.. group.Select(i => all[i])], visibleLsn, key, dialect)),
        ];
    }

    private static BoundedAggregation Write(
        QueryPlan plan, ImmutableArray<int> places, ImmutableArray<Component> components, long visibleLsn, string nonce, SqlDialect dialect)
    {
        SqlParameters parameters = new();
        bool spans = components[0].Spans;
        (int kappa, bool ranked) = spans ? (plan.Nesting.SpanKappa, plan.Nesting.SpanRanked) : (plan.Nesting.Kappa, plan.Nesting.Ranked);
        // Where no groups of a unit are counted, a key that tells the unit is enough.
        bool unit = !spans && plan.UnitOffsets is not null && (ranked || components[0].Shape.Itemized || !plan.Groups.Any(k => TellsUnit(plan, k)));
        string[] keys = [.. plan.Groups.Select((_, i) => Number("k", i))];
        string[] sums = [.. components.Select((_, i) => Number("s", i))];
        string[] holder = unit ? [EventTable.Subject, "u"] : [EventTable.Subject];

        string picked = Pick(plan, unit, components, visibleLsn, parameters, dialect);
        string where = KeyCondition(plan, keys, parameters) is { } condition ? $" WHERE {condition}" : "";
        GroupWriter groups = new(holder, keys, nonce, parameters);
        if (components[0].Shape.Itemized)
        {
            string itemized = new ItemWriter(groups, holder, keys, parameters).Write(components[0], picked, where, ranked ? kappa : null);
            return new BoundedAggregation(itemized, [.. parameters.Values], places, components[0].Shape.Bins is not null);
        }

        string grouped = groups.Group(components, picked, where);
        (string with, string bounded) = (ranked, dialect) switch
        {
            (false, _) => ("", grouped),
            (true, SqlDialect.DuckDb) => groups.RankMany(sums, grouped, kappa),
            _ => ("", groups.Rank(sums, grouped, kappa)),
        };
        string columns = List([.. keys, .. sums.Select(s => $"SUM({s})")]);
        string grouping = keys.Length == 0 ? "" : $" GROUP BY {List(keys)}";
        return new BoundedAggregation($"{with}SELECT {columns} FROM ({bounded}) AS bounded{grouping}", [.. parameters.Values], places);
    }

    // The rows that count, with their keys and values.
    private static string Pick(
        QueryPlan plan, bool unit, ImmutableArray<Component> components, long visibleLsn, SqlParameters parameters, SqlDialect dialect)
    {
        ExpressionWriter expressions = new(parameters);
        List<string> columns = [EventTable.Subject];
        if (unit)
            columns.Add($"{CalendarWriter.PeriodNumber(BlockInterval.PeriodOf(plan.Dataset.Unit)!.Value, plan.UnitOffsets!)} AS u");
        for (int i = 0; i < plan.Groups.Length; i++)
            columns.Add($"{Key(plan.Groups[i], expressions)} AS {Number("k", i)}");
        for (int i = 0; i < components.Length; i++)
        {
            if (Value(components[i].Shape, expressions, parameters) is { } value)
                columns.Add($"{value} AS {Number("v", i)}");
        }

        SourceWriter source = new(parameters, visibleLsn, dialect);
        (string rows, IEnumerable<string> filters) = plan.Source is PlannedTable table
            ? (EventTable.Name(plan.Dataset), source.Filters(table))
            : ($"({source.Write(plan.Source, Read(plan, components))}) AS source", []);
        string[] conditions = [.. filters, .. plan.Where.Select(expressions.Write)];
        string where = conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"SELECT {List(columns)} FROM {rows}{where}";
    }

    private static HashSet<long> Read(QueryPlan plan, ImmutableArray<Component> components) => SourceWriter.Read(
    [
        .. plan.Where,
        .. plan.Groups.OfType<PlannedExpressionKey>().Select(k => k.Expression),
        .. components.Select(c => c.Shape.Value),
        .. components.Select(c => c.Shape.Filter),
    ]);

    /// <summary>Only keys that an answer can have make groups; null if all do.</summary>
    public static string? KeyCondition(QueryPlan plan, string[] keys, SqlParameters parameters)
    {
        string[] conditions = [.. plan.Groups.Select((key, i) => KeyFilter(key, keys[i], parameters)).OfType<string>()];
        return conditions.Length == 0 ? null : string.Join(" AND ", conditions);
    }

    // Whether all rows with the same value of a key are of the same unit of their subject.
    private static bool TellsUnit(QueryPlan plan, PlannedKey key) =>
        key is PlannedPeriodKey period && plan.Calendar.Zone.Id == plan.Dataset.TimeZone
        && (period.Grid.Period == Period.Day || period.Grid.Period == BlockInterval.PeriodOf(plan.Dataset.Unit));

    /// <summary>What a row brings; null where the row itself counts.</summary>
    public static string? Value(ComponentShape shape, ExpressionWriter expressions, SqlParameters parameters)
    {
        string? value = shape.Kind switch
        {
            ComponentKind.Sum or ComponentKind.BinRows => expressions.Clamped(shape.Value!, shape.Grid!),
            ComponentKind.CentredSum => Centred(),
            // Centred once more, which halves what one row changes.
            ComponentKind.CentredSquares => $"({Centred()}) * ({Centred()}) * 2 - {parameters.Add(shape.Grid!.Width * shape.Grid.Width)}",
            ComponentKind.ValueRows or ComponentKind.Values => expressions.Write(shape.Value!),
            _ => null,
        };
        return shape.Filter is { } filter ? $"CASE WHEN {expressions.Write(filter)} THEN {value ?? "1"} END" : value;

        // Doubled, so that the middle is a whole number.
        string Centred() => $"({expressions.Clamped(shape.Value!, shape.Grid!)}) * 2 - {parameters.Add(shape.Grid!.DoubledMiddle)}";
    }

    /// <summary>The value of a key.</summary>
    public static string Key(PlannedKey key, ExpressionWriter expressions) => key switch
    {
        PlannedPeriodKey { Grid.Period: Period.Hour } => $"date_trunc('hour', {EventTable.Time})",
        PlannedPeriodKey period => CalendarWriter.PeriodNumber(period.Grid.Period, period.Offsets),
        PlannedExpressionKey { Expression: { Kind: ValueKind.Text } or { Grid: not null } } value => expressions.Write(value.Expression),
        PlannedExpressionKey value => $"CAST({expressions.Write(value.Expression)} AS VARCHAR)",
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    // A period lies in the range, and a number on its grid.
    private static string? KeyFilter(PlannedKey key, string column, SqlParameters parameters) => key switch
    {
        PlannedExpressionKey { Domain: { } domain, Expression.Grid: null } => $"{column} IN ({string.Join(", ", domain.Select(parameters.Add))})",
        PlannedExpressionKey => $"{column} IS NOT NULL",
        _ => null,
    };
}
