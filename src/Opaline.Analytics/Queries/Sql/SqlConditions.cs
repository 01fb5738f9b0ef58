using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Gathers the conditions of all levels of a question: its range of time, and the rest.</summary>
internal sealed class SqlConditions(SqlExpressions expressions)
{
    private readonly ImmutableArray<Expression>.Builder _rest = ImmutableArray.CreateBuilder<Expression>();

    public RangeEdge? From { get; private set; }

    public RangeEdge? To { get; private set; }

    /// <summary>What else must hold.</summary>
    public ImmutableArray<Expression> Rest => _rest.ToImmutable();

    /// <summary>Adds a WHERE clause.</summary>
    public void Add(SqlNode where, SqlRows rows)
    {
        foreach (SqlNode part in SqlExpressions.Parts(where))
        {
            if (SqlAggregates.HasAggregate(part))
                throw part.Refuse(SqlRefusalCodes.AggregateNotAllowed, "WHERE chooses rows before anything is aggregated; HAVING chooses among released values.", "HAVING …");
            if (!IsEdge(part, rows))
                _rest.Add(expressions.Read(part, rows));
            if (_rest.Count > QueryLimits.MaxConditions)
                throw part.Refuse(RefusalCodes.InvalidQuery, $"A question has at most {QueryLimits.MaxConditions} conditions.");
        }
    }

    /// <summary>The columns that an item of a subquery's list gives. The subject and the time go through as they are.</summary>
    public IEnumerable<(string Name, Expression Value)> Project(SqlNode item, SqlRows rows)
    {
        if (item.Class == "STAR")
        {
            item.Only("relation_name");
            return rows.Columns;
        }

        Expression value = item.Class == "COLUMN_REF"
            ? SqlExpressions.Column(item, rows)
            : (Expression?)expressions.TryTime(item, rows) ?? expressions.Read(item, rows);
        string name = item.Alias.Length > 0
            ? item.Alias
            : item.Class == "COLUMN_REF" ? item.List("column_names")[^1].Element.GetString()! : "";
        // A column without a name cannot be asked about.
        return [(name, value)];
    }

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
