using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Opaline.Analytics;

/// <summary>One side of a join: its rows, and the names that they have in the pairs.</summary>
/// <param name="rows">The rows.</param>
/// <param name="name">What the names of its fields begin with; null where they stay as they are, since it is a join itself.</param>
internal sealed partial class SqlJoinSide(SqlRows rows, string? name)
{
    public SqlRows Rows => rows;

    /// <summary>The columns, of the first side.</summary>
    public IEnumerable<SqlColumn> Columns => rows.Columns.Select(c => c with { Value = Named(c.Value) });

    /// <summary>The columns of the second side: its subject is that of the first, and its time no pair's.</summary>
    /// <param name="kind">Which rows of the first side are kept.</param>
    /// <param name="subject">The subject's name in the pairs.</param>
    /// <param name="merged">Columns that USING names.</param>
    public IEnumerable<SqlColumn> SecondColumns(JoinKind kind, string subject, ImmutableArray<string> merged) => rows.Columns.Select(column =>
    {
        bool isSubject = IsField(column.Value, rows.Subject);
        bool met = isSubject && kind == JoinKind.Inner && !rows.Dataset.IsPublic;
        return column with
        {
            Value = met ? Expression.Field(subject) : Named(column.Value),
            Refusal = column.Refusal ?? (met ? null : RefusalOf(column.Value, kind)),
            Merged = merged.Contains(column.Name, StringComparer.OrdinalIgnoreCase),
        };
    });

    /// <summary>A field's name in the pairs.</summary>
    public string Named(string field) => name is null ? field : $"{name}.{field}";

    /// <summary>An expression of the side's fields by their names in the pairs.</summary>
    public Expression Named(Expression expression) => expression switch
    {
        _ when name is null => expression,
        FieldExpression field => field with { Name = Named(field.Name) },
        OperationExpression operation => operation with { Arguments = [.. operation.Arguments.Select(Named)] },
        _ => expression,
    };

    /// <summary>The field that a column is as it is; null for anything else.</summary>
    public FieldExpression? Field(SqlNode node) =>
        node.Class == "COLUMN_REF" ? Field(rows.Find([.. node.List("column_names").Select(n => n.Element.GetString()!)])) : null;

    /// <summary>The field that the column of that name is as it is; null for anything else.</summary>
    public FieldExpression? Field(string column) => Field(rows.Find([column]));

    /// <summary>How SQL names a field of the side.</summary>
    public string Sql(string field)
    {
        string column = rows.Columns.FirstOrDefault(c => IsField(c.Value, field))?.Name ?? field;
        return $"{Quoted(rows.Alias ?? rows.Dataset.Name)}.{Quoted(column)}";
    }

    /// <summary>A name as SQL takes it.</summary>
    public static string Quoted(string name) =>
        PlainForm().IsMatch(name) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Whether an expression reads the field.</summary>
    public static bool Mentions(Expression expression, string field) =>
        IsField(expression, field) || (expression is OperationExpression operation && operation.Arguments.Any(a => Mentions(a, field)));

    private static FieldExpression? Field(SqlColumn? column) => column is { Refusal: null, Value: FieldExpression field } ? field : null;

    private static bool IsField(Expression expression, string field) => expression is FieldExpression { Name: var name } && name == field;

    private (string, string)? RefusalOf(Expression value, JoinKind kind)
    {
        if (Mentions(value, rows.Subject))
        {
            return (RefusalCodes.FieldNotAllowed, rows.Dataset.IsPublic
                ? "A dataset about nobody has no subjects: ask for those of the first side."
                : "The subject of a row that meets none is missing: ask for that of the first side.");
        }

        if (Mentions(value, rows.Time))
            return (RefusalCodes.FieldNotAllowed, "The time of a pair is that of its first row: let the dataset whose time is asked about come first.");
        return kind == JoinKind.Left && value is not FieldExpression
            ? (SqlRefusalCodes.JoinCondition, "Where no row meets, a computed column is missing too: let the subquery give the columns as they are, and compute outside of it.")
            : null;
    }

    // SQL's own words are written in quotes.
    [GeneratedRegex(@"\A(?!(?:user|order|group|select|from|where|table|end|case|when|then|else|on|using|join|left|right|all|and|or|not|limit|offset|desc|asc)\z)[a-z_][a-z0-9_]*\z")]
    private static partial Regex PlainForm();
}
