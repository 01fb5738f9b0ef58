using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// The rows that a question is about, as far as they are named: a dataset, or a choice of its rows and columns under other names. A name stands for an
/// expression of the dataset's fields, so a subquery that only chooses asks the same as the question without it.
/// </summary>
internal sealed class SqlRows
{
    private readonly ImmutableArray<(string Name, Expression Value)> _columns;
    private readonly string? _alias;

    private SqlRows(Dataset dataset, string? alias, ImmutableArray<(string Name, Expression Value)> columns)
    {
        Dataset = dataset;
        _alias = alias;
        _columns = columns;
    }

    public Dataset Dataset { get; }

    /// <summary>All columns, for <c>SELECT *</c> in a subquery.</summary>
    public ImmutableArray<(string Name, Expression Value)> Columns => _columns;

    /// <summary>The rows of a dataset.</summary>
    public static SqlRows Of(Dataset dataset, string alias) =>
        new(dataset, alias, [.. dataset.Fields.Where(f => f.Visible).Select(f => (f.Name, (Expression)Expression.Field(f.Name)))]);

    /// <summary>The same rows under other names.</summary>
    public SqlRows With(string? alias, ImmutableArray<(string Name, Expression Value)> columns) => new(Dataset, alias, columns);

    /// <summary>What the name stands for, or null. Names are compared as SQL does, whatever their case.</summary>
    public Expression? Find(ImmutableArray<string> names) => Find(string.Join('.', names))
        ?? (names.Length > 1 && string.Equals(names[0], _alias, StringComparison.OrdinalIgnoreCase) ? Find(string.Join('.', names.Skip(1))) : null);

    // Two columns that differ in case only: the exact one, else neither.
    private Expression? Find(string name)
    {
        (string Name, Expression Value)[] found = [.. _columns.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))];
        return found.Length == 1 ? found[0].Value : found.Where(c => c.Name == name).Select(c => c.Value).FirstOrDefault();
    }
}
