using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Opaline.Access;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Turns SQL into queries. DuckDB parses the text, whatever engine holds the rows; its tree is accepted node by node, and what a query says beside its text
/// (ε, error, bounds, zone) stands beside it.
/// </summary>
public sealed class SqlQueries
{
    // JSON writes a character as up to six.
    private const int MaxBodyBytes = 6 * QueryLimits.MaxBytes;

    private readonly CatalogStore _catalog;
    private readonly SqlParser _parser;

    internal SqlQueries(CatalogStore catalog, SqlParser parser)
    {
        _catalog = catalog;
        _parser = parser;
    }

    /// <summary>The query of a body in either form: with <c>sql</c>, or the JSON form.</summary>
    /// <exception cref="QueryRefusedException">The body is no query.</exception>
    public Query Read(Caller caller, ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument body = QueryJson.Open(utf8, MaxBodyBytes);
        return Read(caller, body.RootElement);
    }

    /// <summary>The queries of a batch, <c>{"queries": […]}</c>, each in either form.</summary>
    /// <exception cref="QueryRefusedException">The body is no batch, or one of its queries is none; the path says which.</exception>
    public ImmutableArray<Query> ReadBatch(Caller caller, ReadOnlyMemory<byte> utf8) => QueryJson.ParseBatch(utf8, query => Read(caller, query));

    private Query Read(Caller caller, JsonElement query)
    {
        if (query.ValueKind == JsonValueKind.Object && query.TryGetProperty("sql", out _))
            return Build(caller, query);
        return JsonMarshal.GetRawUtf8Value(query).Length <= QueryLimits.MaxBytes
            ? QueryJson.Parse(query)
            : throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxBytes} bytes.", "$");
    }

    /// <summary>The query of a body such as <c>{"sql": "SELECT count(*) FROM events", "epsilon": 0.5}</c>.</summary>
    /// <exception cref="QueryRefusedException">The SQL asks for what is not answered; <see cref="QueryRefusedException.Path"/> is the fragment.</exception>
    public Query Build(Caller caller, JsonElement body)
    {
        ArgumentNullException.ThrowIfNull(caller);
        (string text, Query asked) = QueryReader.ReadSql(body);
        return Read(_parser, text, asked, name => DatasetRules.IsDatasetName(name) ? _catalog.Find(caller.Tenant, name) : null);
    }

    /// <summary>The query of a text.</summary>
    internal static Query Read(SqlParser parser, string text, Query asked, Func<string, Dataset?> find)
    {
        if (Encoding.UTF8.GetByteCount(text) > QueryLimits.MaxBytes)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxBytes} bytes.", "$.sql");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new QueryRefusedException(SqlRefusalCodes.SyntaxError, "SQL does not contain the character U+0000.", "$.sql");
        using JsonDocument tree = Parse(parser, text);
        return SqlStatement.Read(tree.RootElement, new SqlText(text), find, asked);
    }

    private static JsonDocument Parse(SqlParser parser, string text)
    {
        try
        {
            return parser.Parse(text);
        }
        catch (SqlSyntaxException fault)
        {
            throw fault.Fault switch
            {
                SqlFault.NotSelect => new QueryRefusedException(SqlRefusalCodes.NotSelect, "Only SELECT is answered.", "$.sql"),
                SqlFault.TooComplex => new QueryRefusedException(RefusalCodes.InvalidQuery, "The question is nested too deeply.", "$.sql"),
                _ => new QueryRefusedException(
                    SqlRefusalCodes.SyntaxError,
                    fault.Position is { } position
                        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"This is not SQL; see byte {position + 1}.")
                        : "This is not SQL.",
                    "$.sql"),
            };
        }
    }
}
