using System.Collections.Immutable;
using Opaline.Storage;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>Writes the groups of units with their contributions, and the choice of those that count.</summary>
/// <param name="holder">The columns that tell units apart.</param>
/// <param name="keys">The columns of the keys.</param>
/// <param name="nonce">The release's secret: nobody can steer which groups of a unit survive.</param>
/// <param name="parameters">Those of the statement.</param>
internal sealed class GroupWriter(string[] holder, string[] keys, string nonce, SqlParameters parameters)
{
    /// <summary>One row per unit and group, its contribution clamped.</summary>
    /// <param name="components">What is added up.</param>
    /// <param name="picked">The rows that count.</param>
    /// <param name="where">Keys that the answer can have.</param>
    public string Group(ImmutableArray<Component> components, string picked, string where)
    {
        string[] grouping = [.. holder, .. keys];
        IEnumerable<string> sums = components.Select((c, i) => $"{Contribution(c, Number("v", i))} AS {Number("s", i)}");
        return $"SELECT {List([.. grouping, .. sums])} FROM ({picked}) AS picked{where} GROUP BY {List(grouping)}";
    }

    /// <summary>At most κ groups of each unit, in an order that only the release's secret knows.</summary>
    public string Rank(string[] sums, string grouped, int kappa)
    {
        string columns = List([.. keys, .. sums]);
        string order = Order(holder, keys);
        return $"SELECT {columns} FROM (SELECT {columns}, row_number() OVER (PARTITION BY {List(holder)} ORDER BY {order}) AS place "
            + $"FROM ({grouped}) AS grouped) AS placed WHERE place <= {parameters.Add((long)kappa)}";
    }

    /// <summary>
    /// The same where most units have at most κ groups: only the others are ranked, as DuckDB takes six times as long for a window over every unit as for
    /// computing the groups. It computes a WITH query once; a distributed PostgreSQL would gather it on one machine.
    /// </summary>
    public (string With, string Bounded) RankMany(string[] sums, string grouped, int kappa)
    {
        string many = $"SELECT {List(holder)} FROM grouped GROUP BY {List(holder)} HAVING COUNT(*) > {parameters.Add((long)kappa)}";
        string on = string.Join(" AND ", holder.Select(c => $"g.{c} = many.{c}"));
        string columns = List(Of([.. keys, .. sums]));
        string order = Order([.. Of(holder)], [.. Of(keys)]);
        string placed = $"SELECT {columns}, row_number() OVER (PARTITION BY {List(Of(holder))} ORDER BY {order}) AS place FROM grouped AS g JOIN many ON {on}";
        return (
            $"WITH grouped AS ({grouped}), many AS ({many}) ",
            $"SELECT {columns} FROM grouped AS g LEFT JOIN many ON {on} WHERE many.{EventTable.Subject} IS NULL "
                + $"UNION ALL SELECT {List([.. keys, .. sums])} FROM ({placed}) AS placed WHERE place <= {parameters.Add((long)kappa)}");

        static IEnumerable<string> Of(IEnumerable<string> columns) => columns.Select(c => $"g.{c}");
    }

    /// <summary>
    /// An order, among the items of one holder, that only the release's secret knows. No row of another holder can change it: what tells the items apart also
    /// parts those whose texts, and so hashes, are equal.
    /// </summary>
    public string Order(string[] of, string[] items) => List(
    [
        $"md5({parameters.Add(nonce)} || '|' || {string.Join(" || '|' || ", of.Concat(items).Select(c => $"CAST({c} AS VARCHAR)"))})",
        .. items,
    ]);

    private string Contribution(Component component, string value)
    {
        (long lower, long upper) = component.Clamp;
        string rows = component.Shape is { Value: null, Filter: null } ? "*" : value;
        return component.Shape.Kind switch
        {
            ComponentKind.Rows or ComponentKind.ValueRows => $"least(COUNT({rows}), {parameters.Add(upper)})",
            // A unit without any value has no sum; it adds nothing.
            ComponentKind.Sum or ComponentKind.CentredSum or ComponentKind.CentredSquares =>
                $"CAST(greatest({parameters.Add(lower)}, least({parameters.Add(upper)}, COALESCE(SUM({value}), 0))) AS BIGINT)",
            ComponentKind.Units or ComponentKind.Subjects when component.Shape.Filter is null => "1",
            ComponentKind.Units or ComponentKind.Subjects => $"least(COUNT({value}), 1)",
            _ => throw new ArgumentOutOfRangeException(nameof(component)),
        };
    }
}
