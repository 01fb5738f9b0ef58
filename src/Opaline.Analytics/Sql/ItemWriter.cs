using System.Globalization;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>
/// Writes aggregations that keep or drop single values of a unit: group by unit, keys and value; keep κ groups of each unit in keyed-hash order, the same
/// ones as everywhere in the release; of each of these groups keep values, in keyed-hash order too, until they have L rows, or are L values.
/// </summary>
internal sealed class ItemWriter(GroupWriter groups, string[] holder, string[] keys, SqlParameters parameters)
{
    private const string Value = "v0";

    /// <param name="component">Rows by bin, or distinct values.</param>
    /// <param name="picked">The rows that count, with their value.</param>
    /// <param name="where">Keys that the answer can have.</param>
    /// <param name="kappa">κ where groups have to be dropped.</param>
    public string Write(Component component, string picked, string where, int? kappa)
    {
        if (component.Shape.Kind is ComponentKind.UnitGroups or ComponentKind.UnitRows)
            return Units(component.Shape, picked, where);
        string[] group = [.. holder, .. keys];
        string value = component.Shape.Bins is { } bins ? Bin(bins, component.Shape.Grid) : Value;
        string items = $"SELECT {List([.. group, $"{value} AS {Value}"])} FROM ({picked}) AS picked{where}";
        string kept = $"SELECT {List([.. group, Value])}, COUNT(*) AS n FROM ({items}) AS items GROUP BY {List([.. group, Value])}";
        string most = "";
        if (kappa is { } limit)
        {
            // Groups without a value take their places too, as in every other statement of the release.
            string place = groups.Order(holder, keys);
            kept = $"SELECT {List([.. group, Value, "n"])}, dense_rank() OVER (PARTITION BY {List(holder)} ORDER BY {place}) AS place FROM ({kept}) AS grouped";
            most = $" AND place <= {parameters.Add((long)limit)}";
        }

        string order = groups.Order(group, [Value]);
        string window = $"OVER (PARTITION BY {List(group)} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)";
        string counted = $"SELECT {List([.. keys, Value, "n"])}, CAST(SUM({(component.Shape.Bins is null ? "1" : "n")}) {window} AS BIGINT) AS total "
            + $"FROM ({kept}) AS kept WHERE {Value} IS NOT NULL{most}";
        return component.Shape.Bins is null ? Values(counted, component.RowsPerGroup) : BinRows(counted, component.RowsPerGroup);
    }

    private string Values(string counted, int most)
    {
        string grouping = keys.Length == 0 ? "" : $" GROUP BY {List(keys)}";
        return $"SELECT {List([.. keys, $"COUNT(DISTINCT {Value})"])} FROM ({counted}) AS counted WHERE total <= {parameters.Add((long)most)}{grouping}";
    }

    // The bin in which a unit's rows reach L counts with the rest only.
    private string BinRows(string counted, int most)
    {
        string sum = $"SUM(least(n, {parameters.Add((long)most)} - total + n))";
        return $"SELECT {List([.. keys, Value, sum])} FROM ({counted}) AS counted WHERE total - n < {parameters.Add((long)most)} GROUP BY {List([.. keys, Value])}";
    }

    // Every unit once, by what it has in all of its groups.
    private string Units(ComponentShape shape, string picked, string where)
    {
        string[] group = [.. holder, .. keys];
        string grouped = $"SELECT {List(group)}, COUNT(*) AS n FROM ({picked}) AS picked{where} GROUP BY {List(group)}";
        string number = shape.Kind == ComponentKind.UnitGroups ? "COUNT(*)" : "MAX(n)";
        string units = $"SELECT {List(holder)}, {number} AS {Value} FROM ({grouped}) AS grouped GROUP BY {List(holder)}";
        string binned = $"SELECT {Bin(shape.Bins!, null)} AS {Value} FROM ({units}) AS units";
        return $"SELECT {Value}, COUNT(*) FROM ({binned}) AS binned GROUP BY {Value}";
    }

    private string Bin(Binning bins, ValueGrid? grid)
    {
        if (bins.Branching > 0)
            return $"CAST(floor(CAST({Value} - {parameters.Add(grid!.Lower)} AS DOUBLE PRECISION) / {parameters.Add((double)bins.Width)}) AS BIGINT)";
        string cases = string.Concat(bins.Starts.Select((start, i) => string.Create(CultureInfo.InvariantCulture, $" WHEN {Value} < {parameters.Add(start)} THEN {i}")));
        return string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {Value} IS NULL THEN NULL{cases} ELSE {bins.Starts.Length} END");
    }
}
