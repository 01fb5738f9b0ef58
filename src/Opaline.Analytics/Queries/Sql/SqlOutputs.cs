using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// Reads what is made of released values: the SELECT list, HAVING and ORDER BY. What they are made of becomes the keys and measures of the query; what they
/// do with it becomes its presentation.
/// </summary>
internal sealed class SqlOutputs(SqlExpressions expressions, SqlRows rows)
{
    private readonly List<(Expression Value, GroupKey Key, string Name)> _keys = [];
    private readonly List<(Measure Measure, string Name)> _measures = [];
    private readonly List<AnswerColumn> _columns = [];

    public ImmutableArray<GroupKey> Keys => [.. _keys.Select(k => k.Key)];

    public ImmutableArray<Measure> Measures => [.. _measures.Select(m => m.Measure)];

    public ImmutableArray<AnswerColumn> Columns => [.. _columns];

    /// <summary>Whether the columns are the keys and the measures as they are.</summary>
    public bool IsPlain =>
        _columns.Count == _keys.Count + _measures.Count
        && _columns.Select((c, i) => c.Value is FieldExpression f && f.Name == c.Name && c.Name == (i < _keys.Count ? _keys[i].Name : _measures[i - _keys.Count].Name)).All(same => same);

    /// <summary>Adds a key.</summary>
    public void AddKey(SqlNode node)
    {
        if (SqlAggregates.HasAggregate(node))
            throw node.Refuse(SqlRefusalCodes.AggregateNotAllowed, "A key is a value of a row.");
        Expression value = expressions.Read(node, rows);
        if (_keys.Any(k => k.Value.Equals(value)))
            return;
        string name = Free(value is FieldExpression field ? rows.NameOf(field) : NameOf(value));
        GroupKey key = PeriodOf(value) is { } period ? new PeriodKey(period) : new ExpressionKey(value, name == NameOf(value) ? null : name);
        _keys.Add((value, key, name));
    }

    /// <summary>Adds a column.</summary>
    public void AddColumn(SqlNode node)
    {
        Expression value = Read(node);
        if (value is ConstantExpression { Value.Kind: not LiteralKind.Number })
            throw node.Refuse(RefusalCodes.InvalidQuery, "A column is made of keys and measures: this is known already, so leave it out.", "SELECT count(*)");
        string name = node.Alias.Length > 0 ? node.Alias : value is FieldExpression field ? NameOf(node, field) : "value";
        _columns.Add(new AnswerColumn(SqlNames.Free(name, n => _columns.Any(c => c.Name == n)), value));
    }

    /// <summary>A condition, or a value, over the columns.</summary>
    public Expression Having(SqlNode node) => Released(node, HavingColumn(node), Having);

    /// <summary>The column that is ordered by: its place, its name, or what it is made of.</summary>
    public string OrderColumn(SqlNode node)
    {
        if (SqlConstants.TryInteger(node) is { } place)
        {
            return place >= 1 && place <= _columns.Count
                ? _columns[place - 1].Name
                : throw node.Refuse(RefusalCodes.InvalidQuery, "There is no column of this number.");
        }

        return Column(node) ?? throw NotReleased(node);
    }

    private FieldExpression? HavingColumn(SqlNode node) => Column(node) is { } name
        ? Expression.Field(name)
        : SqlAggregates.IsAggregate(node) || node.Class == "COLUMN_REF" ? throw NotReleased(node) : null;

    private static QueryRefusedException NotReleased(SqlNode node) => node.Refuse(
        SqlRefusalCodes.NotReleased, "HAVING and ORDER BY see what the answer releases: put this into the SELECT list too, where it is paid for.");

    private string? Column(SqlNode node)
    {
        if (node.Class == "COLUMN_REF" && node.List("column_names") is [SqlNode single])
        {
            string alias = single.Element.GetString()!;
            if (_columns.FirstOrDefault(c => string.Equals(c.Name, alias, StringComparison.OrdinalIgnoreCase)) is { } named)
                return named.Name;
        }

        if (node.Class is not ("COLUMN_REF" or "FUNCTION" or "CASE" or "CAST" or "OPERATOR"))
            return null;
        return Known(node) is { } value ? _columns.FirstOrDefault(c => c.Value.Equals(value))?.Name : null;
    }

    // What the node is made of, without adding to what is asked: HAVING and ORDER BY buy nothing. A name inside of it may be that of a column of the answer.
    private Expression? Known(SqlNode node)
    {
        int before = _measures.Count;
        try
        {
            Expression value = Read(node);
            return _measures.Count == before ? value : null;
        }
        catch (QueryRefusedException refused) when (refused.Code == SqlRefusalCodes.NotGrouped || (refused.Code == RefusalCodes.UnknownField && node.Class != "COLUMN_REF"))
        {
            return null;
        }
        finally
        {
            _measures.RemoveRange(before, _measures.Count - before);
        }
    }

    private Expression Read(SqlNode node)
    {
        if (SqlAggregates.IsAggregate(node))
            return Expression.Field(Named(new SqlAggregates(expressions).Read(node, rows), node));
        if (SqlConstants.TryRead(node) is { } constant)
            return Expression.Constant(constant);
        if (SqlAggregates.HasAggregate(node))
            return Released(node, null, Read);
        Expression value = expressions.Read(node, rows);
        return _keys.FirstOrDefault(k => k.Value.Equals(value)).Name is { } key
            ? Expression.Field(key)
            : throw node.Refuse(SqlRefusalCodes.NotGrouped, "A value in the SELECT list is aggregated, or a key: a single row's value never leaves.", $"GROUP BY {node.Fragment}");
    }

    // Arithmetic and conditions over released values; what they are made of is read by the caller's rule.
    private Expression Released(SqlNode node, Expression? known, Func<SqlNode, Expression> read)
    {
        if (known is not null)
            return known;
        switch (node.Class)
        {
            case "CONSTANT" or "CAST" when SqlConstants.TryRead(node) is { } constant:
                return Expression.Constant(constant);
            case "CAST":
                node.Only("child", "cast_type", "try_cast");
                return SqlConstants.IsNumber(SqlConstants.CastType(node))
                    ? read(node.Get("child"))
                    : throw node.Refuse(
                        SqlRefusalCodes.CastNotTotal,
                        "A cast that changes a released value is refused. Released numbers are exact, whatever their type: leave it out, cast to DOUBLE, or use round(value, digits).");
            case "COMPARISON":
                return expressions.Of(node, SqlOperations.ComparisonOf(node), read(node.Get("left")), read(node.Get("right")));
            case "BETWEEN":
                return expressions.Operations.Between(node, read);
            case "CONJUNCTION":
                return expressions.Operations.Conjunction(node, read);
            case "OPERATOR":
                return expressions.Operations.Operator(node, read);
            case "FUNCTION":
                node.OnlyFunction("is_operator");
                return FunctionOf(node, read);
            default:
                throw node.Refuse(SqlRefusalCodes.UnsupportedSql, "Of released values + - * / abs round least greatest coalesce nullif are made, and conditions in HAVING.");
        }
    }

    private Expression FunctionOf(SqlNode node, Func<SqlNode, Expression> read)
    {
        if (expressions.Operations.TryFunction(node, read) is { } operation)
            return operation;
        ImmutableArray<SqlNode> children = node.List("children");
        switch (node.FunctionName, children.Length)
        {
            case ("nullif", 2):
                Expression value = read(children[0]);
                return expressions.Of(node, Operation.Case, expressions.Of(node, Operation.NotEqual, value, read(children[1])), value);
            case ("round", 1):
                return Rounded(node, read(children[0]), 0);
            case ("round", 2) when SqlConstants.TryInteger(children[1]) is { } digits and >= 0 and <= 12:
                return Rounded(node, read(children[0]), digits);
            default:
                throw node.Refuse(SqlRefusalCodes.UnknownFunction, "Of released values + - * / abs floor round least greatest coalesce nullif are made.");
        }
    }

    // Halves go up.
    private Expression Rounded(SqlNode node, Expression value, int digits)
    {
        decimal step = 1m;
        for (int i = 0; i < digits; i++)
            step /= 10;
        return expressions.Of(
            node,
            Operation.Bucket,
            expressions.Of(node, Operation.Add, value, Expression.Constant(Literal.Of(step / 2))),
            Expression.Constant(Literal.Of(step)));
    }

    private string Named(Measure measure, SqlNode node)
    {
        foreach ((Measure known, string name) in _measures)
        {
            if (known.Function == measure.Function && Equals(known.Argument, measure.Argument) && Equals(known.Filter, measure.Filter)
                && known.Points.AsSpan().SequenceEqual(measure.Points.AsSpan()))
                return name;
        }

        if (_measures.Count == QueryLimits.MaxMeasures)
            throw node.Refuse(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxMeasures} measures.");
        string usual = MeasurePlanner.DefaultName(measure);
        string free = Free(usual);
        _measures.Add((free == usual ? measure : measure with { Name = free }, free));
        return free;
    }

    private static string NameOf(SqlNode node, FieldExpression field) =>
        SqlAggregates.IsAggregate(node) ? SqlAggregates.ColumnName(node, field.Name) : field.Name;

    private string Free(string name) => SqlNames.Free(name, n => _keys.Any(k => k.Name == n) || _measures.Any(m => m.Name == n));

    private string NameOf(Expression value) => value switch
    {
        FieldExpression field => field.Name,
        _ when PeriodOf(value) is { } period => QueryWords.Of(period),
        OperationExpression operation => QueryWords.Of(operation.Operation),
        _ => "key",
    };

    // The time in periods is a key of its own kind.
    private Period? PeriodOf(Expression value) =>
        value is OperationExpression { Operation: Operation.Truncate, Arguments: [ConstantExpression word, FieldExpression time] } && time.Name == rows.Time
            ? QueryWords.Find<Period>(word.Value.Text, QueryWords.Of)
            : null;
}
