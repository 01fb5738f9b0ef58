using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Reads a subquery that aggregates and carries the subject out: one row per subject, or per subject and keys. Its aggregates become numbers of the subject,
/// and what it makes of them stays an expression, so that bounds follow from what it says.
/// </summary>
internal sealed class SqlSubjects(SqlExpressions expressions, SqlRows rows)
{
    private readonly List<(Expression Value, ExpressionKey Key, string Name)> _keys = [];
    private readonly List<SubjectValue> _values = [];

    /// <summary>The rows of subjects.</summary>
    public SqlRows Read(SqlNode place, SqlNode select)
    {
        AddKeys(place, select);
        SqlRows grouped = Grouped();
        SqlColumn[] columns = [.. select.List("select_list").Select(item => new SqlColumn(null, SqlConditions.NameOf(item), Output(item, grouped)))];
        ImmutableArray<Expression> having = select.Find("having") is { } condition ? [.. SqlExpressions.Parts(condition).Select(part => Having(part, grouped, columns))] : [];
        if (_values.Count == 0)
            _values.Add(new SubjectValue(Free("count"), SubjectFunction.Count));
        return new SqlRows(
            rows.Dataset,
            new SubjectSource(rows.Source, [.. _values]) { Where = rows.Where, GroupBy = [.. _keys.Select(k => k.Key)] },
            rows.Subject,
            rows.Time)
        {
            Columns = [.. columns],
            Where = having,
            Numbers = [.. _values.Select(v => v.Name), .. _keys.Where(k => SqlExpressions.IsNumber(k.Value, rows)).Select(k => k.Name)],
        };
    }

    private void AddKeys(SqlNode place, SqlNode select)
    {
        bool carried = false;
        foreach (SqlNode key in SqlKeys.Of(select, rows))
        {
            if (SqlAggregates.HasAggregate(key))
                throw key.Refuse(SqlRefusalCodes.AggregateNotAllowed, "A key is a value of a row.");
            if (SqlAggregates.IsSubject(key, rows))
            {
                carried = true;
                continue;
            }

            Expression value = expressions.Read(key, rows);
            if (value is OperationExpression { Operation: Operation.Truncate, Arguments: [_, FieldExpression time] } && time.Name == rows.Time)
                throw key.Refuse(SqlRefusalCodes.SubqueryAggregate, "A subject's rows are not cut into periods here: group the question itself by the period.");
            if (_keys.Any(k => k.Value.Equals(value)))
                continue;
            string name = value is FieldExpression field ? field.Name : Free(key.Alias.Length > 0 ? key.Alias : "key");
            _keys.Add((value, new ExpressionKey(value, value is FieldExpression ? null : name), name));
        }

        if (!carried)
        {
            throw place.Refuse(
                SqlRefusalCodes.SubqueryAggregate,
                "A subquery that aggregates carries the subject out: what it says is bounded per subject, and rows of many subjects are aggregated by the question itself.",
                $"GROUP BY {SqlJoinSide.Quoted(SubjectColumn())}");
        }
    }

    private string SubjectColumn() => rows.Columns.FirstOrDefault(c => c.Value is FieldExpression { Name: var name } && name == rows.Subject)?.Name ?? rows.Subject;

    // What stands beside aggregates: the keys. Of any other column a subject has many values.
    private SqlRows Grouped() => rows with
    {
        Columns =
        [
            .. rows.Columns.Select(c => _keys.FirstOrDefault(k => k.Value.Equals(c.Value)).Name is { } key
                ? c with { Value = Expression.Field(key) }
                : c with { Refusal = c.Refusal ?? (SqlRefusalCodes.NotGrouped, "A column of a subquery that aggregates is the subject, a key, or aggregated.") }),
        ],
        Numbers = [.. rows.Numbers, .. _keys.Where(k => SqlExpressions.IsNumber(k.Value, rows)).Select(k => k.Name)],
        Aggregate = Aggregate,
    };

    private Expression Output(SqlNode item, SqlRows grouped)
    {
        if (item.Class == "STAR")
            throw item.Refuse(SqlRefusalCodes.NotGrouped, "Name the subject, the keys and the aggregates.");
        if (SqlAggregates.IsSubject(item, rows))
            return Expression.Field(rows.Subject);
        bool key = !SqlAggregates.HasAggregate(item) && SqlConstants.TryRead(item) is null;
        if (key && KeyOf(item) is { } name)
            return Expression.Field(name);
        return expressions.Read(item, grouped);
    }

    private string? KeyOf(SqlNode item)
    {
        Expression value = item.Class == "COLUMN_REF" ? SqlExpressions.Column(item, rows) : expressions.Read(item, rows);
        return _keys.FirstOrDefault(k => k.Value.Equals(value)).Name;
    }

    // HAVING knows the columns of the list too.
    private Expression Having(SqlNode part, SqlRows grouped, SqlColumn[] columns) => expressions.Read(
        part,
        grouped with { Columns = [.. grouped.Columns, .. columns.Where(c => c.Name.Length > 0 && grouped.Find([c.Name]) is null)] });

    private FieldExpression? Aggregate(SqlNode node)
    {
        if (SqlAggregates.IsAggregate(node))
            return IsFirstTime(node) ? Expression.Field(rows.Time) : Expression.Field(Named(Value(node), node.Alias));
        // least(count(*), 20) gives a count its bounds.
        return node.IsFunction("least") && node.List("children") is [SqlNode x, SqlNode y] && Bounded(x, y) is { } bounded
            ? Expression.Field(Named(bounded, node.Alias))
            : null;
    }

    private SubjectValue? Bounded(SqlNode x, SqlNode y)
    {
        if (!SqlAggregates.IsAggregate(x))
            (x, y) = (y, x);
        if (!SqlAggregates.IsAggregate(x) || x.FunctionName is not ("count_star" or "count" or "count_if" or "countif"))
            return null;
        return SqlConstants.TryNumber(y) is { } most && most >= 1 && most <= ValueGrid.MaxSummed && most % 1m == 0
            ? Value(x) with { Clamp = new ClampRange(0, most) }
            : null;
    }

    // The time of a subject's row is that of its first one.
    private bool IsFirstTime(SqlNode node) =>
        node.IsFunction("min") && node.List("children") is [SqlNode { Class: "COLUMN_REF" } time] && expressions.TryTime(time, rows) is not null;

    private SubjectValue Value(SqlNode node)
    {
        node.OnlyFunction("distinct", "filter");
        ImmutableArray<SqlNode> children = node.List("children");
        bool distinct = node.Flag("distinct");
        if (distinct && node.FunctionName != "count")
            throw node.Refuse(SqlRefusalCodes.DistinctRows, "DISTINCT goes with count only.", "count(DISTINCT x)");
        if (children is [SqlNode argument] && SqlAggregates.IsSubject(argument, rows))
            throw argument.Refuse(RefusalCodes.FieldNotAllowed, "There is one subject in each of its rows: count rows.", "count(*)");
        SubjectValue value = (node.FunctionName, children.Length) switch
        {
            ("count_star", 0) => Of(SubjectFunction.Count, null),
            ("count", 1) when distinct => Of(SubjectFunction.DistinctValues, children[0]),
            ("count", 1) => Of(SubjectFunction.Count, SqlConstants.TryRead(children[0]) is null ? children[0] : null),
            ("count_if" or "countif", 1) => Of(SubjectFunction.Count, null) with { Filter = expressions.Read(children[0], rows) },
            ("sum", 1) => Of(SubjectFunction.Sum, children[0]),
            ("min", 1) => Of(SubjectFunction.Least, children[0]),
            ("max", 1) => Of(SubjectFunction.Greatest, children[0]),
            ("avg" or "mean", 1) => throw node.Refuse(
                SqlRefusalCodes.UnknownFunction, "A subject's mean is a quotient of its sum and its count; give the sum bounds.", $"greatest(0, least(sum({children[0].Fragment}), 100)) / count({children[0].Fragment})"),
            _ => throw node.Refuse(SqlRefusalCodes.UnknownFunction, "This aggregate is not answered per subject; those that are: count, sum, min, max, count_if."),
        };
        if (node.Find("filter") is not { } filter)
            return value;
        Expression condition = expressions.Read(filter, rows);
        return value with { Filter = value.Filter is { } own ? expressions.Of(node, Operation.And, own, condition) : condition };
    }

    private SubjectValue Of(SubjectFunction function, SqlNode? argument) => new("", function, argument is { } value ? expressions.Read(value, rows) : null);

    // The same number asked for twice is one.
    private string Named(SubjectValue value, string alias)
    {
        if (_values.FirstOrDefault(v => v with { Name = "" } == value) is { } known)
            return known.Name;
        string name = Free(DatasetRules.IsFieldName(alias) ? alias : QueryWords.Of(value.Function));
        _values.Add(value with { Name = name });
        return name;
    }

    private string Free(string name)
    {
        string free = name;
        for (int i = 2; free == rows.Subject || free == rows.Time || _keys.Any(k => k.Name == free) || _values.Any(v => v.Name == free); i++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return free;
    }
}
