using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Reads FROM and WITH: a dataset; a choice of its rows and columns, which is put in the place of its name; one row per subject; or a join of such.
/// </summary>
internal sealed class SqlSources(Func<string, Dataset?> find, SqlExpressions expressions, SqlConditions conditions)
{
    private static readonly ImmutableDictionary<string, Named> NoNames = [];

    private readonly SqlJoins _joins = new(find, conditions);
    private readonly HashSet<Named> _read = new(ReferenceEqualityComparer.Instance);
    private int _tables;

    /// <summary>The rows that a SELECT is about: its FROM and its WHERE.</summary>
    public SqlRows Read(SqlNode select) => Chosen(select, NoNames, ranged: true);

    private SqlRows Chosen(SqlNode select, ImmutableDictionary<string, Named> named, bool ranged)
    {
        ImmutableDictionary<string, Named> all = With(select, named);
        SqlRows rows = Read(select.Get("from_table"), all, ranged);
        // What is not read would be left out in silence, whatever it says.
        foreach ((string name, Named cte) in all)
        {
            if (!_read.Contains(cte) && !(named.TryGetValue(name, out Named? outer) && ReferenceEquals(outer, cte)))
                throw cte.Node.Refuse(SqlRefusalCodes.UnsupportedSql, "Nothing reads this: leave it out of WITH.", "SELECT … FROM …");
        }

        return select.Find("where_clause") is { } where ? conditions.Where(where, rows) : rows;
    }

    private static ImmutableDictionary<string, Named> With(SqlNode select, ImmutableDictionary<string, Named> named)
    {
        foreach (SqlNode entry in select.Find("cte_map")?.List("map") ?? [])
        {
            SqlNode cte = entry.Get("value");
            cte.Only("aliases", "query", "materialized");
            cte.Get("query").Only("node", "named_param_map");
            if (cte.Get("query").Get("node").Type == "RECURSIVE_CTE_NODE")
                throw cte.Refuse(SqlRefusalCodes.Recursion, "A question has no recursion.");
            // A CTE sees those before it, not itself.
            named = named.SetItem(entry.Text("key")!, new Named(cte, named));
        }

        return named;
    }

    private SqlRows Read(SqlNode table, ImmutableDictionary<string, Named> named, bool ranged)
    {
        switch (table.Type)
        {
            case "BASE_TABLE":
                return Table(table, named, ranged);
            case "SUBQUERY":
                table.Only("subquery", "column_name_alias");
                table.Get("subquery").Only("node", "named_param_map");
                return Subquery(table, table.Get("subquery").Get("node"), table.List("column_name_alias"), table.Alias, named, ranged);
            case "JOIN":
                return Join(table, named, ranged);
            case "EMPTY":
                throw table.Refuse(SqlRefusalCodes.NotATable, "A question is about a dataset: name it in FROM.", "SELECT count(*) FROM events");
            case "SHOW_REF":
                throw table.Refuse(SqlRefusalCodes.NotSelect, "GET /api/v1/datasets describes the datasets.");
            default:
                throw table.Refuse(SqlRefusalCodes.NotATable, "FROM names a dataset, a CTE or a subquery.");
        }
    }

    // The side whose rows are kept comes first, and the private one before what is about nobody. Only the first has the question's range.
    private SqlRows Join(SqlNode join, ImmutableDictionary<string, Named> named, bool ranged)
    {
        JoinKind kind = _joins.KindOf(join, out bool turned);
        SqlRows first = Read(join.Get(turned ? "right" : "left"), named, ranged);
        SqlNode other = join.Get(turned ? "left" : "right");
        return first.Dataset.IsPublic && kind == JoinKind.Inner
            ? _joins.Join(join, Read(other, named, ranged), first, kind)
            : _joins.Join(join, first, Read(other, named, ranged: false), kind);
    }

    private SqlRows Table(SqlNode table, ImmutableDictionary<string, Named> named, bool ranged)
    {
        if (table.Has("sample"))
            throw table.Refuse(SqlRefusalCodes.Sample, "Noise takes the place of samples: ask about all rows.");
        table.Only("table_name", "column_name_alias");
        string name = table.Text("table_name") ?? "";
        string alias = table.Alias.Length > 0 ? table.Alias : name;
        if (named.FirstOrDefault(n => string.Equals(n.Key, name, StringComparison.OrdinalIgnoreCase)).Value is { } cte)
        {
            _read.Add(cte);
            SqlRows rows = Subquery(cte.Node, cte.Node.Get("query").Get("node"), cte.Node.List("aliases"), null, cte.Names, ranged);
            return Renamed(table, rows.With(alias, rows.Columns), table.List("column_name_alias"));
        }

        if (++_tables > QueryLimits.MaxSources)
            throw table.Refuse(RefusalCodes.InvalidQuery, $"A question reads at most {QueryLimits.MaxSources} sources, with what its names stand for.");
        Dataset dataset = find(name.ToLowerInvariant()) ?? throw new QueryRefusedException(
            RefusalCodes.UnknownDataset, "There is no dataset of this name. GET /api/v1/datasets lists those there are.", table.Place);
        return Renamed(table, SqlRows.Of(dataset, alias, ranged), table.List("column_name_alias"));
    }

    private SqlRows Subquery(
        SqlNode place, SqlNode select, ImmutableArray<SqlNode> aliases, string? alias, ImmutableDictionary<string, Named> named, bool ranged)
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

        SqlRows rows = Chosen(select, named, ranged);
        ImmutableArray<SqlNode> list = select.List("select_list");
        bool aggregates = !select.List("group_expressions").IsEmpty || !select.List("group_sets").IsEmpty || select.Has("having")
            || select.Text("aggregate_handling") == "FORCE_AGGREGATES" || list.Any(SqlAggregates.HasAggregate);
        SqlRows chosen = aggregates
            ? new SqlSubjects(expressions, rows).Read(place, select)
            : rows.With(null, list.SelectMany(item => conditions.Project(item, rows)));
        return Renamed(place, chosen.With(alias, chosen.Columns), aliases);
    }

    private static SqlRows Renamed(SqlNode place, SqlRows rows, ImmutableArray<SqlNode> aliases)
    {
        if (aliases.Length > rows.Columns.Length)
            throw place.Refuse(RefusalCodes.InvalidQuery, "There are more names than columns.");
        return aliases.IsEmpty
            ? rows
            : rows.With(rows.Alias, rows.Columns.Select((c, i) => i < aliases.Length ? c with { Name = aliases[i].Element.GetString()! } : c));
    }

    /// <summary>A CTE, with those that it may name itself.</summary>
    private sealed record Named(SqlNode Node, ImmutableDictionary<string, Named> Names);
}
