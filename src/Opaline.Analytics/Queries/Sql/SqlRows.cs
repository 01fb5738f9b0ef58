using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// The rows that a question is about: a source, and a choice of its rows and columns under other names. A column stands for an expression of the source's
/// fields, so a subquery that only chooses asks the same as the question without it.
/// </summary>
/// <param name="Dataset">The first dataset that is read.</param>
/// <param name="Source">What is read.</param>
/// <param name="Subject">Name of the source's subject.</param>
/// <param name="Time">Name of the source's time.</param>
internal sealed record SqlRows(Dataset Dataset, Source Source, string Subject, string Time)
{
    /// <summary>All columns, for <c>SELECT *</c> in a subquery.</summary>
    public ImmutableArray<SqlColumn> Columns { get; init; } = [];

    /// <summary>Conditions on a row of the source, all of which must hold.</summary>
    public ImmutableArray<Expression> Where { get; init; } = [];

    /// <summary>Fields of the source that are numbers.</summary>
    public ImmutableHashSet<string> Numbers { get; init; } = [];

    /// <summary>Name in FROM; null if it has none.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether the time is that of the rows that the question's range is about.</summary>
    public bool Ranged { get; init; }

    /// <summary>What stands for an aggregate, or null for what is none; null where no aggregate may stand.</summary>
    public Func<SqlNode, FieldExpression?>? Aggregate { get; init; }

    /// <summary>The rows of a dataset.</summary>
    public static SqlRows Of(Dataset dataset, string alias, bool ranged) => new(dataset, dataset.Name, dataset.Subject.Name, dataset.Time.Name)
    {
        Columns = [.. dataset.Fields.Where(f => f.Visible).Select(f => new SqlColumn(alias, f.Name, Expression.Field(f.Name)))],
        Numbers = [.. dataset.Fields.Where(f => f.Stored is StoredType.Int64 or StoredType.Double or StoredType.Decimal).Select(f => f.Name)],
        Alias = alias,
        Ranged = ranged && !dataset.IsPublic,
    };

    /// <summary>The same rows under other names.</summary>
    public SqlRows With(string? alias, IEnumerable<SqlColumn> columns) =>
        this with { Alias = alias, Columns = [.. columns.Select(c => c with { Table = alias, Merged = false })] };

    /// <summary>The column of that name, or null. Names are compared as SQL does, whatever their case.</summary>
    public SqlColumn? Find(ImmutableArray<string> names) => Find(null, string.Join('.', names))
        ?? (names.Length > 1 ? Find(names[0], string.Join('.', names.Skip(1))) : null);

    /// <summary>The name by which SQL knows a field of the source.</summary>
    public string NameOf(FieldExpression field) => Source is DatasetSource
        ? field.Name
        : Columns.FirstOrDefault(c => c.Value.Equals(field) && c.Name.Length > 0)?.Name ?? field.Name;

    private SqlColumn? Find(string? table, string name)
    {
        SqlColumn[] found =
        [
            .. Columns.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)
                && (table is null ? !c.Merged : string.Equals(c.Table, table, StringComparison.OrdinalIgnoreCase))),
        ];
        if (AreOne(found))
            return found.FirstOrDefault();
        // Of two that differ in case only the exact one, else neither.
        SqlColumn[] exact = [.. found.Where(c => c.Name == name)];
        if (AreOne(exact))
            return exact.FirstOrDefault();
        return exact[0] with { Refusal = (SqlRefusalCodes.AmbiguousColumn, "Several tables have a column of this name: say which one, as in a.city.") };
    }

    private static bool AreOne(SqlColumn[] columns) => columns.Select(c => (c.Value, c.Refusal)).Distinct().Count() <= 1;
}
