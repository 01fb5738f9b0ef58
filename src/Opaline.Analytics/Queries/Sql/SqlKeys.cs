using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Reads GROUP BY: what its places and names stand for.</summary>
internal static class SqlKeys
{
    /// <summary>The expressions that are grouped by.</summary>
    public static ImmutableArray<SqlNode> Of(SqlNode select, SqlRows rows)
    {
        ImmutableArray<SqlNode> list = select.List("select_list");
        ImmutableArray<SqlNode> keys = select.List("group_expressions");
        if (select.Text("aggregate_handling") == "FORCE_AGGREGATES")
        {
            keys = [.. list.Where(i => !SqlAggregates.HasAggregate(i) && i.Class != "CONSTANT")];
        }
        else if (select.List("group_sets") is { IsEmpty: false } sets && (sets.Length > 1 || sets[0].Element.GetArrayLength() != keys.Length))
        {
            throw select.Refuse(SqlRefusalCodes.GroupingSets, "GROUPING SETS, ROLLUP and CUBE are several questions: ask them one by one.");
        }

        return [.. keys.Select(key => Meant(key, list, rows))];
    }

    // GROUP BY 1, and GROUP BY alias where no column has that name.
    private static SqlNode Meant(SqlNode key, ImmutableArray<SqlNode> list, SqlRows rows)
    {
        if (key.Class == "CONSTANT")
        {
            return SqlConstants.TryInteger(key) is { } place && place >= 1 && place <= list.Length
                ? list[place - 1]
                : throw key.Refuse(RefusalCodes.InvalidQuery, "A constant makes no groups; a number names a column of the SELECT list.");
        }

        if (key.Class != "COLUMN_REF" || key.List("column_names") is not [SqlNode single])
            return key;
        string name = single.Element.GetString()!;
        if (rows.Find([name]) is not null)
            return key;
        SqlNode[] named = [.. list.Where(i => string.Equals(i.Alias, name, StringComparison.OrdinalIgnoreCase))];
        return named.Length == 1 ? named[0] : key;
    }
}
