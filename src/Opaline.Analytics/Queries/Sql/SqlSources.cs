using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Reads FROM and WITH: a dataset, or a choice of its rows and columns, which is put in the place of its name.</summary>
internal sealed class SqlSources(Func<string, Dataset?> find, SqlConditions conditions, ImmutableDictionary<string, SqlSources.Named> named)
{
    /// <summary>A reader that knows the CTEs of a statement too.</summary>
    public SqlSources With(SqlNode select)
    {
        ImmutableDictionary<string, Named> all = named;
        foreach (SqlNode entry in select.Find("cte_map")?.List("map") ?? [])
        {
            SqlNode cte = entry.Get("value");
            cte.Only("aliases", "query", "materialized");
            if (cte.Get("query").Get("node").Type == "RECURSIVE_CTE_NODE")
                throw cte.Refuse(SqlRefusalCodes.Recursion, "A question has no recursion.");
            // A CTE sees those before it, not itself.
            all = all.SetItem(entry.Text("key")!, new Named(cte, new SqlSources(find, conditions, all)));
        }

        return new SqlSources(find, conditions, all);
    }

    /// <summary>The rows of a FROM clause.</summary>
    public SqlRows Read(SqlNode table)
    {
        switch (table.Type)
        {
            case "BASE_TABLE":
                return Table(table);
            case "SUBQUERY":
                table.Only("subquery", "column_name_alias");
                return Choice(table, table.Get("subquery").Get("node"), table.List("column_name_alias"), table.Alias);
            case "JOIN":
                // Joins become sources of their own, by the subject; see Query.
                throw table.Refuse(SqlRefusalCodes.JoinNotSupported, "A question is about one dataset.");
            case "EMPTY":
                throw table.Refuse(SqlRefusalCodes.NotATable, "A question is about a dataset: name it in FROM.", "SELECT count(*) FROM events");
            case "SHOW_REF":
                throw table.Refuse(SqlRefusalCodes.NotSelect, "GET /api/v1/datasets describes the datasets.");
            default:
                throw table.Refuse(SqlRefusalCodes.NotATable, "FROM names a dataset, a CTE or a subquery.");
        }
    }

    private SqlRows Table(SqlNode table)
    {
        if (table.Has("sample"))
            throw table.Refuse(SqlRefusalCodes.Sample, "Noise takes the place of samples: ask about all rows.");
        table.Only("table_name", "column_name_alias");
        string name = table.Text("table_name") ?? "";
        string alias = table.Alias.Length > 0 ? table.Alias : name;
        if (named.FirstOrDefault(n => string.Equals(n.Key, name, StringComparison.OrdinalIgnoreCase)).Value is { } cte)
        {
            SqlRows rows = cte.Sources.Choice(cte.Node, cte.Node.Get("query").Get("node"), cte.Node.List("aliases"), null);
            return Renamed(table, rows.With(alias, rows.Columns), table.List("column_name_alias"));
        }

        Dataset dataset = find(name.ToLowerInvariant()) ?? throw new QueryRefusedException(
            RefusalCodes.UnknownDataset, "There is no dataset of this name. GET /api/v1/datasets lists those there are.", table.Place);
        return Renamed(table, SqlRows.Of(dataset, alias), table.List("column_name_alias"));
    }

    private SqlRows Choice(SqlNode place, SqlNode select, ImmutableArray<SqlNode> aliases, string? alias)
    {
        if (select.Type is "SET_OPERATION_NODE")
            throw place.Refuse(SqlRefusalCodes.SetOperation, "UNION, INTERSECT and EXCEPT are refused: ask two questions, or use OR.");
        if (select.Type is "RECURSIVE_CTE_NODE")
            throw place.Refuse(SqlRefusalCodes.Recursion, "A question has no recursion.");
        SqlStatement.CheckSelect(select, place);
        if (select.List("modifiers") is [SqlNode modifier, ..])
        {
            throw modifier.Type == "DISTINCT_MODIFIER"
                ? place.Refuse(SqlRefusalCodes.DistinctRows, "DISTINCT in a subquery drops rows.", "count(DISTINCT x)")
                : place.Refuse(SqlRefusalCodes.Limit, "ORDER BY and LIMIT in a subquery choose among true rows.");
        }

        ImmutableArray<SqlNode> list = select.List("select_list");
        // Aggregates per subject become sources of their own; see Query.
        if (!select.List("group_expressions").IsEmpty || !select.List("group_sets").IsEmpty || select.Has("having")
            || select.Text("aggregate_handling") == "FORCE_AGGREGATES" || list.Any(SqlAggregates.HasAggregate))
            throw place.Refuse(SqlRefusalCodes.SubqueryAggregate, "A subquery chooses rows and columns, and aggregates nothing.");
        SqlRows rows = With(select).Read(select.Get("from_table"));
        if (select.Find("where_clause") is { } where)
            conditions.Add(where, rows);
        return Renamed(place, rows.With(alias, [.. list.SelectMany(item => conditions.Project(item, rows))]), aliases);
    }

    private static SqlRows Renamed(SqlNode place, SqlRows rows, ImmutableArray<SqlNode> aliases)
    {
        if (aliases.Length > rows.Columns.Length)
            throw place.Refuse(RefusalCodes.InvalidQuery, "There are more names than columns.");
        return aliases.IsEmpty
            ? rows
            : rows.With(place.Alias.Length > 0 ? place.Alias : null, [.. rows.Columns.Select((c, i) => i < aliases.Length ? (aliases[i].Element.GetString()!, c.Value) : c)]);
    }

    /// <summary>A CTE, with what it may name itself.</summary>
    internal sealed record Named(SqlNode Node, SqlSources Sources);
}
