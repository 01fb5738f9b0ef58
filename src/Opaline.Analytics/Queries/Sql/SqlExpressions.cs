using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Reads values of a row. What is not known node by node is refused; types and bounds are the planner's.</summary>
internal sealed class SqlExpressions
{
    private const string Range = "time >= DATE '2024-01-01' AND time < DATE '2024-02-01'";

    private readonly SqlZone _zone;
    private readonly SqlFunctions _functions;

    public SqlExpressions(SqlZone zone)
    {
        _zone = zone;
        _functions = new SqlFunctions(this);
    }

    /// <summary>What reads operations, of released values too: one measure of their size.</summary>
    public SqlOperations Operations { get; } = new();

    /// <summary>A value, or a condition.</summary>
    public Expression Read(SqlNode node, SqlRows rows)
    {
        switch (node.Class)
        {
            case "COLUMN_REF":
                return Value(node, Column(node, rows), rows);
            case "CONSTANT" when SqlConstants.IsNull(node):
                throw node.Refuse(SqlRefusalCodes.NullConstant, "NULL decides nothing here: test for missing values by IS NULL.");
            case "CONSTANT":
                return Constant(node);
            case "COMPARISON":
                return Comparison(node, rows);
            case "BETWEEN":
                return Between(node, rows);
            case "CONJUNCTION":
                return Operations.Conjunction(node, n => Read(n, rows));
            case "OPERATOR":
                return Operations.Operator(node, n => Read(n, rows));
            case "CASE":
                return Case(node, rows);
            case "CAST":
                return Cast(node, rows);
            case "FUNCTION":
                return _functions.Read(node, rows);
            default:
                throw Unknown(node);
        }
    }

    /// <summary>What a column stands for, the dataset's time and subject too.</summary>
    public static Expression Column(SqlNode node, SqlRows rows)
    {
        node.Only("column_names");
        ImmutableArray<string> names = [.. node.List("column_names").Select(n => n.Element.GetString()!)];
        SqlColumn found = rows.Find(names) ?? throw FieldUse.Unknown(node.Place);
        return found.Refusal is { } refusal ? throw node.Refuse(refusal.Code, refusal.Detail) : found.Value with { Fragment = node.Fragment };
    }

    /// <summary>The dataset's time, perhaps in a zone of the question; null for anything else.</summary>
    public FieldExpression? TryTime(SqlNode node, SqlRows rows)
    {
        if (node.Class == "COLUMN_REF")
            return Column(node, rows) is FieldExpression field && field.Name == rows.Time ? field : null;
        if (!node.IsFunction("timezone") || node.List("children") is not [SqlNode zone, SqlNode time])
            return null;
        FieldExpression? found = TryTime(time, rows);
        if (found is not null)
            _zone.Name(SqlConstants.TryText(zone) ?? throw zone.Refuse(RefusalCodes.UnknownTimeZone, "A zone is a constant such as 'Europe/Vienna'."), node);
        return found;
    }

    /// <summary>An operation, unless it becomes too large.</summary>
    public Expression Of(SqlNode node, Operation operation, params ReadOnlySpan<Expression> arguments) => Operations.Of(node, operation, arguments);

    /// <summary>A constant.</summary>
    public static ConstantExpression Constant(SqlNode node) =>
        new(SqlConstants.TryRead(node) ?? throw node.Unsupported()) { Fragment = node.Fragment };

    /// <summary>A condition of which all parts must hold, cut into them.</summary>
    public static IEnumerable<SqlNode> Parts(SqlNode condition) => condition is { Class: "CONJUNCTION", Type: "CONJUNCTION_AND" }
        ? condition.List("children").SelectMany(Parts)
        : [condition];

    private static Expression Value(SqlNode node, Expression column, SqlRows rows)
    {
        if (column is not FieldExpression field)
            return column;
        if (field.Name == rows.Time)
            throw node.Refuse(RefusalCodes.FieldNotAllowed, "Time is asked about by a half-open range, and grouped by date_trunc.", Range);
        return field.Name == rows.Subject
            ? throw node.Refuse(RefusalCodes.FieldNotAllowed, "The subject is only counted: it is never a key, a filter, a value or an output.", $"count(DISTINCT {node.Fragment})")
            : field;
    }

    private Expression Comparison(SqlNode node, SqlRows rows)
    {
        Operation comparison = SqlOperations.ComparisonOf(node);
        if (SqlConstants.IsNull(node.Get("left")) || SqlConstants.IsNull(node.Get("right")))
            throw node.Refuse(SqlRefusalCodes.NullConstant, "A comparison with NULL is never true.", "x IS NULL");
        if (TryTime(node.Get("left"), rows) is not null || TryTime(node.Get("right"), rows) is not null)
            throw node.Refuse(SqlRefusalCodes.TimeCondition, "Time is a half-open range of the whole question: >= and <, joined by AND with the rest of WHERE.", Range);
        return Of(node, comparison, Read(node.Get("left"), rows), Read(node.Get("right"), rows));
    }

    private Expression Between(SqlNode node, SqlRows rows)
    {
        if (TryTime(node.Get("input"), rows) is not null)
            throw node.Refuse(SqlRefusalCodes.TimeCondition, "BETWEEN includes the first instant of its end, and nothing after it: say >= and <.", Range);
        return Operations.Between(node, n => Read(n, rows));
    }

    private Expression Case(SqlNode node, SqlRows rows)
    {
        node.Only("case_checks", "else_expr");
        ImmutableArray<Expression>.Builder arguments = ImmutableArray.CreateBuilder<Expression>();
        foreach (SqlNode check in node.List("case_checks"))
        {
            check.Only("when_expr", "then_expr");
            if (SqlConstants.IsNull(check.Get("then_expr")))
                throw node.Refuse(SqlRefusalCodes.NullConstant, "NULL is the result of CASE only where no condition holds: turn the condition round.", "CASE WHEN NOT (…) THEN … END");
            arguments.Add(Read(check.Get("when_expr"), rows));
            arguments.Add(Read(check.Get("then_expr"), rows));
        }

        SqlNode otherwise = node.Get("else_expr");
        if (!SqlConstants.IsNull(otherwise))
            arguments.Add(Read(otherwise, rows));
        return Of(node, Operation.Case, arguments.ToArray());
    }

    private Expression Cast(SqlNode node, SqlRows rows)
    {
        node.Only("child", "cast_type", "try_cast");
        if (SqlConstants.TryRead(node) is { } constant)
            return new ConstantExpression(constant) { Fragment = node.Fragment };
        string type = SqlConstants.CastType(node);
        SqlNode child = node.Get("child");
        if (type == "DATE" && TryTime(child, rows) is { } time)
            return Of(node, Operation.Truncate, Expression.Constant(Literal.Of("day")), time);
        Expression value = Read(child, rows);
        return SqlConstants.IsNumber(type) && IsNumber(value, rows)
            ? value
            : throw node.Refuse(
                SqlRefusalCodes.CastNotTotal,
                "A cast that could fail or change a value is refused. Numbers are exact here, whatever their type: leave it out, or cast a number to DOUBLE.");
    }

    /// <summary>Whether it is a number, as far as names tell.</summary>
    public static bool IsNumber(Expression value, SqlRows rows) => value switch
    {
        FieldExpression field => rows.Numbers.Contains(field.Name),
        ConstantExpression constant => constant.Value.Kind == LiteralKind.Number,
        OperationExpression { Operation: <= Operation.Greatest or Operation.Extract } => true,
        OperationExpression { Operation: Operation.Case or Operation.Coalesce } choice => choice.Arguments.Any(a => IsNumber(a, rows)),
        _ => false,
    };

    private static QueryRefusedException Unknown(SqlNode node) => node.Class switch
    {
        "WINDOW" => node.Refuse(SqlRefusalCodes.WindowFunction, "Window functions rank true rows, which never leave."),
        "SUBQUERY" => node.Refuse(SqlRefusalCodes.Subquery, "A subquery stands only in FROM and in WITH."),
        "PARAMETER" => node.Refuse(SqlRefusalCodes.Parameter, "Write the value itself: a question has no parameters."),
        "STAR" => node.Refuse(SqlRefusalCodes.Star, "Rows never leave: ask for aggregates.", "SELECT count(*)"),
        _ => node.Unsupported(),
    };
}
