using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Reads functions of a row's values.</summary>
internal sealed class SqlFunctions(SqlExpressions expressions)
{
    public Expression Read(SqlNode node, SqlRows rows)
    {
        if (rows.Aggregate?.Invoke(node) is { } aggregate)
            return aggregate;
        if (SqlAggregates.IsAggregate(node))
            throw node.Refuse(SqlRefusalCodes.AggregateNotAllowed, "An aggregate stands in the SELECT list only, and not inside another.");
        node.OnlyFunction("is_operator");
        if ((BucketOf(node, rows) ?? expressions.Operations.TryFunction(node, n => expressions.Read(n, rows))) is { } operation)
            return operation;
        ImmutableArray<SqlNode> children = node.List("children");
        switch (node.FunctionName, children.Length)
        {
            case ("+", 1):
                return expressions.Read(children[0], rows);
            case ("ceil" or "ceiling", 1):
                return Ceiling(node, rows);
            case ("nullif", 2):
                return NullIf(node, rows);
            case ("left", 2):
                return Plain(node, Operation.Prefix, rows);
            case ("substr" or "substring", 3):
                return Substring(node, rows);
            case ("starts_with" or "prefix" or "^@", 2):
                return Plain(node, Operation.StartsWith, rows);
            case ("~~", 2):
                return Like(node, rows);
            case ("!~~", 2):
                return expressions.Of(node, Operation.Not, Like(node, rows));
            case ("date_trunc" or "datetrunc", 2):
                return Truncate(node, children[0], SqlConstants.TryText(children[0])?.ToLowerInvariant(), children[1], rows);
            case ("time_bucket", 2):
                return Truncate(node, children[0], SqlConstants.TryPeriod(children[0]) is { } period ? QueryWords.Of(period) : null, children[1], rows);
            case ("date_part" or "datepart", 2):
                return Part(node, children[0], SqlConstants.TryText(children[0])?.ToLowerInvariant(), children[1], rows);
            case ("hour" or "day" or "dayofmonth" or "month" or "quarter" or "year" or "isodow" or "dow" or "dayofweek", 1):
                return Part(node, node, node.FunctionName, children[0], rows);
            case ("timezone", 2):
                throw node.Refuse(RefusalCodes.OperatorNotAllowed, "AT TIME ZONE goes with the dataset's time, inside date_trunc or a part of it.");
            case ("~~*" or "!~~*" or "like_escape" or "not_like_escape" or "ilike_escape" or "regexp_full_match" or "regexp_matches" or "~~~" or "contains" or "suffix", _):
                throw LikeRefused(node, null);
            default:
                throw node.Refuse(
                    SqlRefusalCodes.UnknownFunction,
                    "This function is not answered here. Those of a row: + - * / abs floor ceil least greatest nullif coalesce left substr starts_with LIKE 'prefix%' date_trunc date_part.");
        }
    }

    private Expression Plain(SqlNode node, Operation operation, SqlRows rows) =>
        expressions.Of(node, operation, [.. node.List("children").Select(c => expressions.Read(c, rows))]);

    // floor(x / w) * w is the start of x's bucket of width w.
    private Expression? BucketOf(SqlNode node, SqlRows rows)
    {
        if (node.FunctionName != "*" || node.List("children") is not { Length: 2 } factors)
            return null;
        foreach ((SqlNode floor, SqlNode width) in ((SqlNode, SqlNode)[])[(factors[0], factors[1]), (factors[1], factors[0])])
        {
            if (SqlConstants.TryNumber(width) is { } w
                && floor.IsFunction("floor") && floor.List("children") is [SqlNode quotient] && quotient.IsFunction("/")
                && quotient.List("children") is [SqlNode value, SqlNode divisor] && SqlConstants.TryNumber(divisor) == w)
                return expressions.Of(node, Operation.Bucket, expressions.Read(value, rows), SqlExpressions.Constant(width));
        }

        return null;
    }

    private Expression Ceiling(SqlNode node, SqlRows rows) => expressions.Of(
        node,
        Operation.Negate,
        expressions.Of(node, Operation.Floor, expressions.Of(node, Operation.Negate, expressions.Read(node.List("children")[0], rows))));

    private Expression NullIf(SqlNode node, SqlRows rows)
    {
        ImmutableArray<SqlNode> children = node.List("children");
        Expression value = expressions.Read(children[0], rows);
        Expression other = expressions.Read(children[1], rows);
        Expression differs = expressions.Of(node, Operation.NotEqual, value, other);
        if (other is not ConstantExpression)
            differs = expressions.Of(node, Operation.Or, differs, expressions.Of(node, Operation.IsNull, other));
        return expressions.Of(node, Operation.Case, differs, value);
    }

    private Expression Substring(SqlNode node, SqlRows rows)
    {
        ImmutableArray<SqlNode> children = node.List("children");
        return SqlConstants.TryInteger(children[1]) == 1
            ? expressions.Of(node, Operation.Prefix, expressions.Read(children[0], rows), expressions.Read(children[2], rows))
            : throw node.Refuse(SqlRefusalCodes.UnknownFunction, "Only the beginning of a text is taken.", "substr(x, 1, 3)");
    }

    private Expression Like(SqlNode node, SqlRows rows)
    {
        ImmutableArray<SqlNode> children = node.List("children");
        string pattern = SqlConstants.TryText(children[1]) ?? throw LikeRefused(node, null);
        string prefix = pattern.TrimEnd('%');
        if (prefix.Length == 0 || prefix.Contains('%', StringComparison.Ordinal) || prefix.Contains('_', StringComparison.Ordinal))
            throw LikeRefused(node, prefix.TrimStart('%').Split('%', '_')[0]);
        return expressions.Of(
            node,
            prefix.Length == pattern.Length ? Operation.Equal : Operation.StartsWith,
            expressions.Read(children[0], rows),
            new ConstantExpression(Literal.Of(prefix)) { Fragment = children[1].Fragment });
    }

    private static QueryRefusedException LikeRefused(SqlNode node, string? word) => node.Refuse(
        SqlRefusalCodes.LikePattern,
        "Of text only its beginning is searched: a pattern is a constant that ends in %, without another % or _ in it.",
        string.IsNullOrEmpty(word) ? "x LIKE 'prefix%'" : $"x LIKE '{word.Replace("'", "''", StringComparison.Ordinal)}%'");

    private Expression Truncate(SqlNode node, SqlNode place, string? word, SqlNode value, SqlRows rows)
    {
        if (word is null || QueryWords.Find<Period>(word, QueryWords.Of) is null)
            throw place.Refuse(RefusalCodes.InvalidPeriod, "A period is hour, day, week or month.", "date_trunc('day', …)");
        Expression time = (Expression?)expressions.TryTime(value, rows) ?? expressions.Read(value, rows);
        return expressions.Of(node, Operation.Truncate, Expression.Constant(Literal.Of(word)), time);
    }

    private Expression Part(SqlNode node, SqlNode place, string? word, SqlNode value, SqlRows rows)
    {
        string? part = word switch
        {
            "isodow" => "day_of_week",
            "dayofmonth" => "day",
            "dow" or "dayofweek" or "weekday" => throw place.Refuse(
                RefusalCodes.InvalidPeriod, "Weekdays are numbered from 1, Monday, to 7, Sunday.", "extract(isodow FROM …)"),
            _ => word,
        };
        if (part is null || QueryWords.Find<TimePart>(part, TimeParts.Word) is null)
            throw place.Refuse(RefusalCodes.InvalidPeriod, "A part is hour, isodow, day, month, quarter or year.", "extract(hour FROM …)");
        Expression time = (Expression?)expressions.TryTime(value, rows) ?? expressions.Read(value, rows);
        return expressions.Of(node, Operation.Extract, Expression.Constant(Literal.Of(part)), time);
    }
}
