namespace Opaline.Cli.Import;

/// <summary>A column of a table file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Expression">SQL that gives its values as text.</param>
/// <param name="IsJson">Whether that text is a JSON value (a number, a boolean, a nested value) and not a string.</param>
internal sealed record TableColumn(string Name, string Expression, bool IsJson)
{
    private const string Metadata = "metadata.";

    /// <summary>The name as an SQL identifier.</summary>
    public string Quoted => Quote(Name);

    /// <summary>The object that it goes into, or null.</summary>
    public string? Parent => Name.StartsWith(Metadata, StringComparison.Ordinal) ? "metadata" : null;

    /// <summary>Its name in that object.</summary>
    public string Leaf => Parent is null ? Name : Name[Metadata.Length..];

    public static TableColumn Of(string name, string type, bool native, bool asText)
    {
        string column = Quote(name);
        string kind = type.Split('(')[0];
        bool nested = type.EndsWith(']') || kind is "STRUCT" or "MAP" or "UNION" or "JSON";
        bool number = kind is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT"
            or "UHUGEINT" or "DECIMAL" or "FLOAT" or "DOUBLE" or "BOOLEAN";
        string expression = (native, kind) switch
        {
            (false, _) => column,
            _ when nested => $"CAST(to_json({column}) AS VARCHAR)",
            // JSON has no infinity and no not-a-number: they are absent.
            (_, "FLOAT" or "DOUBLE") => $"CASE WHEN isfinite({column}) THEN CAST({column} AS VARCHAR) END",
            (_, "TIMESTAMP WITH TIME ZONE") => $"strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%fZ')",
            (_, "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS") => $"strftime(CAST({column} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S')",
            (_, "BLOB") => $"to_base64({column})",
            _ => $"CAST({column} AS VARCHAR)",
        };
        return new TableColumn(name, expression, !asText && (number || (native && nested)));
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
