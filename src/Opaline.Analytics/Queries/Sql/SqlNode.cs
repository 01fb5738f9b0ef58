using System.Collections.Immutable;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>A node of the parser's tree, with the text that it stands for.</summary>
internal readonly struct SqlNode(JsonElement element, SqlText text)
{
    private const int MaxPlaces = 4_096;

    private readonly JsonElement _element = element;
    private readonly SqlText _text = text;

    /// <summary>Kind of an expression.</summary>
    public string Class => Text("class") ?? "";

    /// <summary>Kind within the class, or of a table.</summary>
    public string Type => Text("type") ?? "";

    /// <summary>The name that it is given in its list; empty if none.</summary>
    public string Alias => Text("alias") ?? "";

    public string FunctionName => (Text("function_name") ?? "").ToLowerInvariant();

    /// <summary>The piece of the question.</summary>
    public string Fragment
    {
        get
        {
            (int First, int Last) span = (int.MaxValue, -1);
            int left = MaxPlaces;
            Places(_element, ref span, ref left);
            return span.Last < 0 ? "" : _text.Fragment(span.First, span.Last);
        }
    }

    public JsonElement Element => _element;

    public bool Has(string name) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out _);

    public SqlNode? Find(string name) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out JsonElement value) ? new SqlNode(value, _text) : null;

    public SqlNode Get(string name) => Find(name) ?? throw Unsupported();

    public string? Text(string name) => Find(name) is { _element.ValueKind: JsonValueKind.String } found ? found._element.GetString() : null;

    public bool Flag(string name) => Find(name) is { _element.ValueKind: JsonValueKind.True };

    public ImmutableArray<SqlNode> List(string name)
    {
        if (Find(name) is not { _element.ValueKind: JsonValueKind.Array } list)
            return [];
        SqlText text = _text;
        return [.. list._element.EnumerateArray().Select(item => new SqlNode(item, text))];
    }

    /// <summary>Refuses what the reader of this node does not know: what is unknown could change what is asked.</summary>
    public void Only(params ReadOnlySpan<string> known)
    {
        if (Class.Length > 0 && TypeOf(Class) is { } type && Type != type)
            throw Unsupported();
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (property.Name is not ("class" or "type" or "alias" or "query_location") && !known.Contains(property.Name) && !IsEmpty(property.Value))
                throw Unsupported();
        }
    }

    /// <summary>The same of a function: it has a name and arguments, no schema of its own, and what its reader knows besides.</summary>
    public void OnlyFunction(params ReadOnlySpan<string> known)
    {
        // The parser itself writes the schemas of what is built in, as for AT TIME ZONE.
        if (Text("schema") is not (null or "" or "main" or "pg_catalog") || Text("catalog") is { Length: > 0 })
            throw Refuse(SqlRefusalCodes.UnknownFunction, "A function goes by its bare name.", FunctionName + "(…)");
        if (List("children").Any(c => c.Alias.Length > 0))
            throw Refuse(SqlRefusalCodes.UnknownFunction, "Arguments have no names here.", FunctionName + "(…)");
        Only(["function_name", "schema", "children", .. known]);
    }

    /// <summary>Whether it is that function with arguments and nothing else.</summary>
    public bool IsFunction(string name)
    {
        if (Class != "FUNCTION" || FunctionName != name)
            return false;
        OnlyFunction("is_operator");
        return true;
    }

    public QueryRefusedException Unsupported() => Refuse(SqlRefusalCodes.UnsupportedSql, "This part of SQL is not answered here: ask by SELECT, aggregates, WHERE, GROUP BY, HAVING, ORDER BY and LIMIT over datasets and joins of them.");

    public QueryRefusedException Refuse(string code, string detail, string? suggestion = null) =>
        new(code, detail, Place, suggestion);

    /// <summary>Where it is, for a refusal.</summary>
    public string Place => Fragment is { Length: > 0 } fragment ? fragment : "$.sql";

    // The one kind of a class that has one; null for classes whose kinds their readers tell apart.
    private static string? TypeOf(string kind) => kind switch
    {
        "BETWEEN" => "COMPARE_BETWEEN",
        "CASE" => "CASE_EXPR",
        "CAST" => "OPERATOR_CAST",
        "COLUMN_REF" or "FUNCTION" or "STAR" => kind,
        "CONSTANT" => "VALUE_CONSTANT",
        _ => null,
    };

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Object => value.EnumerateObject().All(p => p.NameEquals("type") || IsEmpty(p.Value)),
        JsonValueKind.Null or JsonValueKind.False => true,
        _ => false,
    };

    private static void Places(JsonElement element, ref (int First, int Last) span, ref int left)
    {
        if (left-- <= 0)
            return;
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
                Places(item, ref span, ref left);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (property.NameEquals("query_location") && property.Value.TryGetInt32(out int place))
                    span = (Math.Min(span.First, place), Math.Max(span.Last, place));
                else
                    Places(property.Value, ref span, ref left);
            }
        }
    }
}
