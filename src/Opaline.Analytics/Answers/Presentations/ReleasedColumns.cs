using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>The keys and the numbers of a plan's rows by their names.</summary>
internal sealed class ReleasedColumns
{
    private readonly QueryPlan _plan;
    private readonly ImmutableArray<string> _keys;
    private readonly ImmutableArray<string> _columns;
    private readonly ImmutableArray<PlannedMeasure> _measures;

    public ReleasedColumns(QueryPlan plan)
    {
        _plan = plan;
        _keys = [.. plan.Keys.Select(k => k.Name)];
        _columns = [.. plan.Columns.Select(c => c.Name)];
        _measures = [.. plan.Columns.Select(c => c.Measure)];
    }

    /// <summary>All of them under their own names.</summary>
    public ImmutableArray<AnswerColumn> All => [.. _keys.Concat(_columns).Select(name => new AnswerColumn(name, Expression.Field(name)))];

    /// <summary>The columns of a measure that has several numbers, one each under the name given and its label; any other column as it is.</summary>
    public IEnumerable<AnswerColumn> Expand(AnswerColumn column)
    {
        if (column.Value is not FieldExpression field || Kind(field.Name) is not null || _plan.Measures.FirstOrDefault(m => m.Name == field.Name) is not { Labels.Length: > 1 } measure)
            return [column];
        return measure.Labels.Select(label => new AnswerColumn($"{column.Name}:{label}", Expression.Field($"{field.Name}:{label}")));
    }

    /// <summary>What the name stands for; null for nothing, for several numbers, or for both a key and a number.</summary>
    public ValueKind? Kind(string name) => (_keys.IndexOf(name), IndexOf(name)) switch
    {
        (>= 0 and int key, null) => KindOf(key),
        (< 0, not null) => ValueKind.Number,
        _ => null,
    };

    /// <summary>What a key is.</summary>
    public ValueKind KindOf(int key) => _plan.Derivation?.RowKeys ?? _plan.Keys[key] switch
    {
        PlannedExpressionKey expression => expression.Expression.Kind,
        PlannedPeriodKey { Grid.Period: Period.Hour } => ValueKind.Instant,
        _ => ValueKind.Date,
    };

    /// <summary>A key of a row.</summary>
    public ColumnValue Key(AnswerRow row, int key) => ColumnValue.Of(KindOf(key), row.Keys[key]);

    /// <summary>Place of the key among the keys of a row, or of the number among its values, that the expression is; neither for one that is computed.</summary>
    public (int? Key, int? Number) Place(Expression value) => value switch
    {
        FieldExpression field when _keys.IndexOf(field.Name) is >= 0 and int key => (key, null),
        FieldExpression field => (null, IndexOf(field.Name)),
        _ => (null, null),
    };

    /// <summary>Place of a number among the values of a row: by its own name, or by that of a measure that has no other.</summary>
    public int? IndexOf(string name)
    {
        if (_columns.IndexOf(name) is >= 0 and int index)
            return index;
        int first = -1;
        for (int i = 0; i < _measures.Length; i++)
        {
            if (_measures[i].Name != name)
                continue;
            if (first >= 0)
                return null;
            first = i;
        }

        return first >= 0 ? first : null;
    }

    /// <summary>The first number that reads the same noisy integer, so that what is made of both knows that their noise is one.</summary>
    public int Canonical(int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (IsInteger(i) && ReferenceEquals(_measures[i].Components[0], _measures[index].Components[0]) && Offset(i) == Offset(index))
                return i;
        }

        return index;
    }

    /// <summary>Whether the number is one noisy integer, whose noise is independent of that of every other one.</summary>
    public bool IsInteger(int index) => _plan.Derivation is null
        && _measures[index] is { Components.Length: 1 } measure
        && measure.Function is MeasureFunction.Count or MeasureFunction.Sum or MeasureFunction.DistinctSubjects or MeasureFunction.DistinctValues or MeasureFunction.Histogram;

    /// <summary>The measure of a number.</summary>
    public PlannedMeasure MeasureOf(int index) => _measures[index];

    public ColumnValue Of(AnswerRow row, string name) => _keys.IndexOf(name) is >= 0 and int key
        ? Key(row, key)
        : ColumnValue.Of(row.Values[IndexOf(name)!.Value].Value);

    // Place of a number among those of its measure.
    private int Offset(int index) => index - _measures.IndexOf(_measures[index], 0, _measures.Length, ReferenceEqualityComparer.Instance);
}
