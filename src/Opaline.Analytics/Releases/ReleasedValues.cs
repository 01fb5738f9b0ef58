using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>The keys and measures of a plan by their names.</summary>
internal sealed class ReleasedValues(QueryPlan plan)
{
    private readonly ImmutableArray<string> _keys = [.. plan.Keys.Select(k => k.Name)];
    private readonly ImmutableArray<string> _measures = [.. plan.Measures.Select(m => m.Name)];

    /// <summary>What the name stands for; null for nothing, or for both a key and a measure.</summary>
    public ColumnKind? Kind(string name) => (_keys.Contains(name), _measures.Contains(name)) switch
    {
        (true, false) => ColumnKind.Key,
        (false, true) => ColumnKind.Number,
        _ => null,
    };

    public bool IsKey(Expression value) => value is FieldExpression field && _keys.Contains(field.Name);

    public ColumnValue Of(AnswerRow row, string name) => _keys.IndexOf(name) is >= 0 and int key
        ? new ColumnValue(row.Keys[key], null)
        : new ColumnValue(null, row.Values[_measures.IndexOf(name)].Value);

    /// <summary>The measure that the expression is, or null.</summary>
    public AnswerValue? Measure(AnswerRow row, Expression value) =>
        value is FieldExpression field && _measures.IndexOf(field.Name) is >= 0 and int index ? row.Values[index] : null;
}
