using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Writes bounded aggregations in the shape that DuckDB, PostgreSQL and Citus run alike: pick rows; group by the bare subject (and unit) and keys, clamp each
/// partial sum; keep κ groups of each in keyed-hash order; add up integers. Sub-selects only, one grouping set, no function that goes by two names.
/// Noise and public domains are added in our process.
/// </summary>
internal static class AggregationWriter
{
    /// <summary>The statements of a plan: one grouped by units, one by whole subjects where a measure spans units.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="visibleLsn">The last row that the tick shows.</param>
    /// <param name="nonce">The release's secret: nobody can steer which groups of a unit survive.</param>
    public static ImmutableArray<BoundedAggregation> Write(QueryPlan plan, long visibleLsn, ReadOnlySpan<byte> nonce)
    {
        string key = Convert.ToHexStringLower(nonce);
        ImmutableArray<Component> all = plan.Components;
        return
        [
            .. Enumerable.Range(0, all.Length)
                .GroupBy(i => all[i].Spans)
                .OrderBy(group => group.Key)
                .Select(group => Write(plan, [.. group], [.. group.Select(i => all[i])], visibleLsn, key)),
        ];
    }

    private static BoundedAggregation Write(
        QueryPlan plan, ImmutableArray<int> places, ImmutableArray<Component> components, long visibleLsn, string nonce)
    {
        SqlParameters parameters = new();
        bool spans = components[0].Spans;
        (int kappa, bool ranked) = spans ? (plan.Nesting.SpanKappa, plan.Nesting.SpanRanked) : (plan.Nesting.Kappa, plan.Nesting.Ranked);
        bool unit = !spans && plan.UnitOffsets is not null;
        string[] keys = [.. plan.Keys.Select((_, i) => Number("k", i))];
        string[] sums = [.. components.Select((_, i) => Number("s", i))];
        string[] holder = unit ? [EventTable.Subject, "u"] : [EventTable.Subject];

        string inner = Group(holder, keys, components, Pick(plan, unit, components, visibleLsn, parameters), parameters);
        if (ranked)
            inner = Rank(holder, keys, sums, inner, kappa, nonce, parameters);
        string columns = List([.. keys, .. sums.Select(s => $"SUM({s})")]);
        string grouping = keys.Length == 0 ? "" : $" GROUP BY {List(keys)}";
        return new BoundedAggregation($"SELECT {columns} FROM ({inner}) AS bounded{grouping}", [.. parameters.Values], places);
    }

    // The rows that count, with their keys and grid values.
    private static string Pick(QueryPlan plan, bool unit, ImmutableArray<Component> components, long visibleLsn, SqlParameters parameters)
    {
        List<string> columns = [EventTable.Subject];
        List<string> filters = [];
        if (unit)
            columns.Add($"{PeriodNumber(BlockInterval.PeriodOf(plan.Dataset.Unit)!.Value, plan.UnitOffsets!)} AS u");
        for (int i = 0; i < plan.Keys.Length; i++)
        {
            columns.Add($"{KeyExpression(plan.Keys[i])} AS {Number("k", i)}");
            if (plan.Keys[i] is PlannedField field)
                filters.Add(KeyFilter(field, parameters));
        }

        for (int i = 0; i < components.Length; i++)
        {
            if (components[i].Grid is not null)
                columns.Add($"{GridValue(components[i], parameters)} AS {Number("v", i)}");
        }

        filters.Add($"{EventTable.Time} >= {parameters.Add(plan.Range.From)}");
        filters.Add($"{EventTable.Time} < {parameters.Add(plan.Range.To)}");
        filters.Add($"{EventTable.Lsn} <= {parameters.Add(visibleLsn)}");
        filters.AddRange(plan.Where.Select(c => Filter(c, parameters)));
        return $"SELECT {List(columns)} FROM {EventTable.Name(plan.Dataset)} WHERE {string.Join(" AND ", filters)}";
    }

    // One row per unit and group, its contribution clamped.
    private static string Group(string[] holder, string[] keys, ImmutableArray<Component> components, string picked, SqlParameters parameters)
    {
        string[] grouping = [.. holder, .. keys];
        IEnumerable<string> sums = components.Select((c, i) => $"{Contribution(c, Number("v", i), parameters)} AS {Number("s", i)}");
        return $"SELECT {List([.. grouping, .. sums])} FROM ({picked}) AS picked GROUP BY {List(grouping)}";
    }

    // At most κ groups of each unit, in an order that only the release's secret knows.
    private static string Rank(
        string[] holder, string[] keys, string[] sums, string grouped, int kappa, string nonce, SqlParameters parameters)
    {
        string text = string.Join(" || '|' || ", ((string[])[.. holder, .. keys]).Select(c => $"CAST({c} AS VARCHAR)"));
        string columns = List([.. keys, .. sums]);
        string order = $"md5({parameters.Add(nonce)} || '|' || {text})";
        return $"SELECT {columns} FROM (SELECT {columns}, row_number() OVER (PARTITION BY {List(holder)} ORDER BY {order}) AS place "
            + $"FROM ({grouped}) AS grouped) AS placed WHERE place <= {parameters.Add((long)kappa)}";
    }

    private static string Contribution(Component component, string value, SqlParameters parameters)
    {
        (long lower, long upper) = component.Clamp;
        return component.Kind switch
        {
            ComponentKind.Rows => $"least(COUNT(*), {parameters.Add(upper)})",
            ComponentKind.ValueRows => $"least(COUNT({value}), {parameters.Add(upper)})",
            // A unit without any value has no sum; it adds nothing.
            ComponentKind.Sum or ComponentKind.CentredSum =>
                $"CAST(greatest({parameters.Add(lower)}, least({parameters.Add(upper)}, COALESCE(SUM({value}), 0))) AS BIGINT)",
            ComponentKind.Units or ComponentKind.Subjects => "1",
            _ => throw new ArgumentOutOfRangeException(nameof(component)),
        };
    }

    // The nearest step of the grid between the bounds, NULL for no value. The bounds are compared first, so that no conversion can overflow; NaN is
    // greater than every number in all engines. Doubled and centred for a mean, so that its middle is a whole number.
    private static string GridValue(Component component, SqlParameters parameters)
    {
        ValueGrid grid = component.Grid!;
        string column = EventTable.Column(component.Field!);
        if (component.Kind == ComponentKind.ValueRows)
            return column;
        long scale = component.Kind == ComponentKind.CentredSum ? 2 : 1;
        long centre = component.Kind == ComponentKind.CentredSum ? grid.DoubledMiddle : 0;
        return $"CASE WHEN {column} <= {parameters.Add((double)grid.LowerValue)} THEN {parameters.Add((scale * grid.Lower) - centre)} "
            + $"WHEN {column} >= {parameters.Add((double)grid.UpperValue)} THEN {parameters.Add((scale * grid.Upper) - centre)} "
            + $"ELSE CAST(round(CAST({column} AS DOUBLE PRECISION) / {parameters.Add((double)grid.Granularity)}) AS BIGINT) * {parameters.Add(scale)} - {parameters.Add(centre)} END";
    }

    private static string KeyExpression(PlannedKey key) => key switch
    {
        PlannedPeriod { Grid.Period: Period.Hour } => $"date_trunc('hour', {EventTable.Time})",
        PlannedPeriod period => PeriodNumber(period.Grid.Period, period.Offsets),
        PlannedField { Field.Stored: StoredType.Text } field => EventTable.Column(field.Field),
        PlannedField field => $"CAST({EventTable.Column(field.Field)} AS VARCHAR)",
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static string KeyFilter(PlannedField key, SqlParameters parameters)
    {
        string expression = KeyExpression(key);
        return key.Domain is { } domain
            ? $"{expression} IN ({string.Join(", ", domain.Select(parameters.Add))})"
            : $"{expression} IS NOT NULL";
    }

    // The day number of the first date of the local period.
    private static string PeriodNumber(Period period, DayOffsets offsets)
    {
        string local = LocalTime(offsets);
        string date = period switch
        {
            Period.Day => $"CAST({local} AS DATE)",
            Period.Week => $"CAST(date_trunc('week', {local}) AS DATE)",
            Period.Month => $"CAST(date_trunc('month', {local}) AS DATE)",
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
        return $"CAST({date} - DATE '1970-01-01' AS BIGINT)";
    }

    private static string LocalTime(DayOffsets offsets)
    {
        if (offsets.Segments is [{ Seconds: 0 }])
            return EventTable.Time;
        if (offsets.Segments is [{ } only])
            return $"{EventTable.Time} + {Interval(only.Seconds)}";
        StringBuilder sql = new($"{EventTable.Time} + CASE");
        foreach (DayOffsets.Segment segment in offsets.Segments)
        {
            sql.Append(segment.Until is { } until
                ? $" WHEN {EventTable.Time} < TIMESTAMP '{SqlParameters.Text(until)}' THEN {Interval(segment.Seconds)}"
                : $" ELSE {Interval(segment.Seconds)}");
        }

        return sql.Append(" END").ToString();
    }

    private static string Interval(long seconds) => string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{seconds} seconds'");

    private static string Filter(PlannedCondition condition, SqlParameters parameters)
    {
        string column = EventTable.Column(condition.Field);
        StoredType type = condition.Field.Stored!.Value;
        return condition.Operator switch
        {
            ConditionOperator.Equal => $"{column} = {Value(0)}",
            ConditionOperator.NotEqual => $"{column} <> {Value(0)}",
            ConditionOperator.Less => $"{column} < {Value(0)}",
            ConditionOperator.LessOrEqual => $"{column} <= {Value(0)}",
            ConditionOperator.Greater => $"{column} > {Value(0)}",
            ConditionOperator.GreaterOrEqual => $"{column} >= {Value(0)}",
            ConditionOperator.In => $"{column} IN ({string.Join(", ", condition.Values.Select(v => parameters.Add(type, v)))})",
            ConditionOperator.IsNull => $"{column} IS NULL",
            ConditionOperator.IsNotNull => $"{column} IS NOT NULL",
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };

        string Value(int index) => parameters.Add(type, condition.Values[index]);
    }

    private static string List(IEnumerable<string> items) => string.Join(", ", items);

    private static string Number(string letter, int index) => string.Create(CultureInfo.InvariantCulture, $"{letter}{index}");
}
