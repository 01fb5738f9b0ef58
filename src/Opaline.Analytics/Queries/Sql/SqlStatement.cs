using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Reads the parser's tree of a question, node by node. What is not known is refused.</summary>
internal static class SqlStatement
{
    /// <summary>The question.</summary>
    /// <param name="tree">The parser's tree.</param>
    /// <param name="text">The text that it was made of.</param>
    /// <param name="find">The dataset of a name, or null.</param>
    /// <param name="asked">What is asked beside the text: accuracy, bounds, zone.</param>
    public static Query Read(JsonElement tree, SqlText text, Func<string, Dataset?> find, Query asked)
    {
        ImmutableArray<SqlNode> statements = new SqlNode(tree, text).List("statements");
        if (statements is not [SqlNode statement])
            throw new QueryRefusedException(SqlRefusalCodes.OneStatement, "Ask one question at a time: one SELECT.", "$.sql");
        // Parameters are refused where they stand.
        statement.Only("node", "named_param_map");
        SqlNode select = statement.Get("node");
        if (select.Type != "SELECT_NODE")
            throw select.Refuse(SqlRefusalCodes.SetOperation, "UNION, INTERSECT and EXCEPT are refused: ask two questions, or use OR.");
        CheckSelect(select, select);
        if (text.NamesWindow)
            throw new QueryRefusedException(SqlRefusalCodes.WindowFunction, "Window functions rank true rows, which never leave: leave WINDOW out.", "$.sql");
        SqlZone zone = new(asked.TimeZone);
        SqlExpressions expressions = new(zone);
        SqlConditions conditions = new(expressions);
        SqlRows rows = new SqlSources(find, expressions, conditions).Read(select);
        SqlOutputs outputs = new(expressions, rows);
        ImmutableArray<SqlNode> keys = SqlKeys.Of(select, rows);
        if (keys.Length > QueryLimits.MaxKeys)
            throw select.Refuse(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxKeys} keys.");
        foreach (SqlNode key in keys)
            outputs.AddKey(key);
        foreach (SqlNode item in select.List("select_list"))
            outputs.AddColumn(item);
        if (outputs.Measures.IsEmpty)
            throw select.Refuse(SqlRefusalCodes.NoMeasure, "Nothing is aggregated, and rows never leave. Values of a key come with a count.", "count(*)");
        return asked with
        {
            Source = rows.Source,
            Measures = outputs.Measures,
            Where = rows.Where,
            GroupBy = outputs.Keys,
            From = conditions.From,
            To = conditions.To,
            TimeZone = zone.Zone,
            Presentation = Present(select, outputs),
            Text = text.WithoutLiterals(),
        };
    }

    /// <summary>Refuses what no SELECT may have here.</summary>
    public static void CheckSelect(SqlNode select, SqlNode place)
    {
        if (select.Has("qualify"))
            throw place.Refuse(SqlRefusalCodes.Qualify, "QUALIFY chooses by ranks of true rows, which never leave.");
        if (select.Has("sample"))
            throw place.Refuse(SqlRefusalCodes.Sample, "Noise takes the place of samples: ask about all rows.");
        if (select.Type != "SELECT_NODE")
            throw place.Unsupported();
        if (select.Text("aggregate_handling") is not (null or "STANDARD_HANDLING" or "FORCE_AGGREGATES"))
            throw place.Unsupported();
        select.Only("modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions", "group_sets", "aggregate_handling", "having");
    }

    private static Presentation? Present(SqlNode select, SqlOutputs outputs)
    {
        Expression? having = select.Find("having") is { } condition ? outputs.Having(condition) : null;
        ImmutableArray<AnswerOrder>.Builder order = ImmutableArray.CreateBuilder<AnswerOrder>();
        int? limit = null;
        int offset = 0;
        foreach (SqlNode modifier in select.List("modifiers"))
        {
            switch (modifier.Type)
            {
                case "ORDER_MODIFIER":
                    modifier.Only("orders");
                    order.AddRange(modifier.List("orders").Select(o => Order(o, outputs)));
                    break;
                case "LIMIT_MODIFIER":
                    modifier.Only("limit", "offset");
                    limit = modifier.Find("limit") is { } most ? Count(most) : null;
                    offset = modifier.Find("offset") is { } first ? Count(first) : 0;
                    break;
                case "DISTINCT_MODIFIER":
                    throw select.Refuse(SqlRefusalCodes.DistinctRows, "Keys make each row distinct already.", "GROUP BY …");
                default:
                    throw modifier.Refuse(SqlRefusalCodes.Limit, "LIMIT is a constant number of released rows.", "LIMIT 10");
            }
        }

        return having is null && order.Count == 0 && limit is null && offset == 0 && outputs.IsPlain
            ? null
            : new Presentation
            {
                Columns = outputs.IsPlain ? [] : outputs.Columns,
                Having = having,
                OrderBy = order.ToImmutable(),
                Limit = limit,
                Offset = offset,
            };
    }

    private static AnswerOrder Order(SqlNode order, SqlOutputs outputs)
    {
        CheckOrder(order);
        return new AnswerOrder(outputs.OrderColumn(order.Get("expression")), order.Type == "DESCENDING");
    }

    /// <summary>Refuses what no item of an ORDER BY may have here.</summary>
    public static void CheckOrder(SqlNode order)
    {
        order.Only("null_order", "expression");
        if (order.Text("null_order") is not (null or "ORDER_DEFAULT" or "NULLS_LAST" or "NULLS LAST"))
            throw order.Refuse(SqlRefusalCodes.UnsupportedSql, "Missing values come last.", "NULLS LAST");
        if (order.Type is not ("ORDER_DEFAULT" or "ASCENDING" or "DESCENDING"))
            throw order.Unsupported();
    }

    private static int Count(SqlNode node) => SqlConstants.TryInteger(node) is { } count and >= 0
        ? count
        : throw node.Refuse(SqlRefusalCodes.Limit, "LIMIT and OFFSET are constant numbers of released rows.", "LIMIT 10");
}
