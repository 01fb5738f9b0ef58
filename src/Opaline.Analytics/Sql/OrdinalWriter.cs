using System.Collections.Immutable;
using Opaline.Storage;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>
/// Writes aggregations whose contributions are bounded by the ordinals of sealed rows: one scan that keeps the rows within the bounds, and adds up what each
/// of them brings, clamped by itself. A row without ordinals came after its window was sealed and waits for the next tick.
/// </summary>
internal static class OrdinalWriter
{
    private const string Ordinal = "o";

    /// <summary>The one statement of a plan.</summary>
    public static BoundedAggregation Write(QueryPlan plan, OrdinalTruncation ordinals, long visibleLsn)
    {
        SqlParameters parameters = new();
        ExpressionWriter expressions = new(parameters);
        ImmutableArray<Component> components = plan.Components;
        string[] keys = [.. plan.Keys.Select((_, i) => Number("k", i))];
        // Where only first rows are kept, each of them is a unit.
        bool first = ordinals.UnitBounds is not null && ordinals.RowBounds.RowsKeptPerGroup > 1;

        List<string> columns = [.. plan.Keys.Select((key, i) => $"{AggregationWriter.Key(key, expressions)} AS {keys[i]}")];
        if (first)
            columns.Add($"{EventTable.RowInGroup} AS {Ordinal}");
        List<string> sums = [];
        for (int i = 0; i < components.Length; i++)
        {
            ComponentShape shape = components[i].Shape;
            string? value = AggregationWriter.Value(shape, expressions, parameters);
            if (value is not null)
                columns.Add($"{value} AS {Number("v", i)}");
            sums.Add(Sum(shape, value is null ? null : Number("v", i), first));
        }

        // A scan of nothing but rows still needs something to select.
        if (columns.Count == 0)
            columns.Add("1 AS one");
        List<string> filters =
        [
            $"{EventTable.Time} >= {parameters.Add(plan.Range.From)}",
            $"{EventTable.Time} < {parameters.Add(plan.Range.To)}",
            $"{EventTable.Lsn} <= {parameters.Add(visibleLsn)}",
            .. Filters(ordinals.RowBounds, parameters),
            .. plan.Where.Select(expressions.Write),
        ];
        string picked = $"SELECT {List(columns)} FROM {EventTable.Name(plan.Dataset)} WHERE {string.Join(" AND ", filters)}";
        string grouping = keys.Length == 0 ? "" : $" GROUP BY {List(keys)}";
        // Once for a group, not for each of its rows; the count keeps optimizers from pulling it down to them again.
        if (AggregationWriter.KeyCondition(plan, keys, parameters) is { } condition)
            grouping += $" HAVING CASE WHEN COUNT(*) > 0 THEN {condition} END";
        string sql = $"SELECT {List([.. keys, .. sums])} FROM ({picked}) AS picked{grouping}";
        return new BoundedAggregation(sql, [.. parameters.Values], [.. Enumerable.Range(0, components.Length)]);
    }

    private static IEnumerable<string> Filters(OrdinalBounds bounds, SqlParameters parameters)
    {
        if (bounds.GroupsKept is { } groups)
            yield return $"{EventTable.GroupInWindow} <= {parameters.Add((long)groups)}";
        if (bounds.RowsKeptPerGroup is { } rows)
            yield return $"{EventTable.RowInGroup} <= {parameters.Add((long)rows)}";
        if (bounds.RowsKeptPerWindow is { } most)
            yield return $"{EventTable.RowInWindow} <= {parameters.Add((long)most)}";
    }

    private static string Sum(ComponentShape shape, string? value, bool first) => shape.Kind switch
    {
        ComponentKind.Units when first => $"COUNT(CASE WHEN {Ordinal} = 1 THEN {value ?? "1"} END)",
        ComponentKind.Rows or ComponentKind.ValueRows or ComponentKind.Units => $"COUNT({value ?? "*"})",
        ComponentKind.Sum or ComponentKind.CentredSum or ComponentKind.CentredSquares => $"SUM({value})",
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };
}
