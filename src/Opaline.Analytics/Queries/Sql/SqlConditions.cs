using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Reads conditions. Those on time make the range of the question, which it has one of; the rest stays with the rows that they are about.</summary>
internal sealed class SqlConditions(SqlExpressions expressions)
{
    public RangeEdge? From { get; private set; }

    public RangeEdge? To { get; private set; }

    /// <summary>The rows for which a WHERE clause holds.</summary>
    public SqlRows Where(SqlNode where, SqlRows rows)
    {
        ImmutableArray<Expression>.Builder rest = ImmutableArray.CreateBuilder<Expression>();
        rest.AddRange(rows.Where);
        foreach (SqlNode part in SqlExpressions.Parts(where))
        {
            if (SqlAggregates.HasAggregate(part))
                throw part.Refuse(SqlRefusalCodes.AggregateNotAllowed, "WHERE chooses rows before anything is aggregated; HAVING chooses among released values.", "HAVING …");
            if (!IsEdge(part, rows))
                rest.Add(expressions.Read(part, rows));
            if (rest.Count > QueryLimits.MaxConditions)
                throw part.Refuse(RefusalCodes.InvalidQuery, $"A question has at most {QueryLimits.MaxConditions} conditions.");
        }

        return rows with { Where = rest.ToImmutable() };
    }

    /// <summary>The columns that an item of a subquery's list gives. The subject and the time go through as they are.</summary>
    public IEnumerable<SqlColumn> Project(SqlNode item, SqlRows rows)
    {
        if (item.Class == "STAR")
        {
            item.Only("relation_name");
            if (item.Text("relation_name") is not { Length: > 0 } table)
                return rows.Columns.Where(c => !c.Merged);
            SqlColumn[] named = [.. rows.Columns.Where(c => string.Equals(c.Table, table, StringComparison.OrdinalIgnoreCase))];
            return named.Length > 0 ? named : throw item.Refuse(SqlRefusalCodes.Star, "There is no table of this name in FROM.", "*");
        }

        Expression value = item.Class == "COLUMN_REF"
            ? SqlExpressions.Column(item, rows)
            : (Expression?)expressions.TryTime(item, rows) ?? expressions.Read(item, rows);
        // A column without a name cannot be asked about.
        return [new SqlColumn(null, NameOf(item), value)];
    }

    /// <summary>The name that a column of a subquery has; empty if it has none.</summary>
    public static string NameOf(SqlNode item) => item.Alias.Length > 0
        ? item.Alias
        : item.Class == "COLUMN_REF" ? item.List("column_names")[^1].Element.GetString()! : "";

    private bool IsEdge(SqlNode part, SqlRows rows)
    {
        if (part.Class != "COMPARISON")
            return false;
        SqlNode left = part.Get("left");
        SqlNode right = part.Get("right");
        bool first = expressions.TryTime(left, rows) is not null;
        if (!first && expressions.TryTime(right, rows) is null)
            return false;
        part.Only("left", "right");
        if (!rows.Ranged)
        {
            throw part.Refuse(
                SqlRefusalCodes.TimeCondition,
                "A question has one range, of the rows of the dataset that comes first: ask for it in that dataset's own WHERE. The second side of a join is read whole.");
        }

        RangeEdge edge = SqlConstants.TryEdge(first ? right : left) ?? throw part.Refuse(
            SqlRefusalCodes.TimeCondition, "Time is compared with a constant date, or an instant that names its offset.", "time >= DATE '2024-01-01' AND time < TIMESTAMPTZ '2024-02-01T10:30:00Z'");
        switch (part.Type, first)
        {
            case ("COMPARE_GREATERTHANOREQUALTO", true) or ("COMPARE_LESSTHANOREQUALTO", false):
                From = Narrowed(From, edge, later: true, part);
                return true;
            case ("COMPARE_LESSTHAN", true) or ("COMPARE_GREATERTHAN", false):
                To = Narrowed(To, edge, later: false, part);
                return true;
            default:
                throw part.Refuse(
                    SqlRefusalCodes.TimeCondition, "A range of time is half-open: from >= its first instant to < the first one after it.", "time >= DATE '2024-01-01' AND time < DATE '2024-02-01'");
        }
    }

    private static RangeEdge Narrowed(RangeEdge? known, RangeEdge edge, bool later, SqlNode part)
    {
        if (known is null)
            return edge;
        int order = (known, edge) switch
        {
            ({ Date: { } x }, { Date: { } y }) => x.CompareTo(y),
            ({ Instant: { } x }, { Instant: { } y }) => x.CompareTo(y),
            _ => throw part.Refuse(SqlRefusalCodes.TimeCondition, "Which of a date and an instant comes first depends on the zone: give one of them."),
        };
        return order < 0 == later ? edge : known;
    }
}
