using System.Text.Json;
using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>
/// DuckDB's parser, and nothing but it: an engine of its own without tables, files or extensions, which turns the text of a question into its tree. No
/// question ever runs here.
/// </summary>
public sealed class SqlParser : IDisposable
{
    // A question has expressions of 32 levels at most, each of which takes a few in the tree.
    private const int MaxDepth = 512;

    // What is empty is kept: without the empty set ROLLUP (a) would look like GROUP BY a.
    private const string Serialize = "SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_default := true)";

    private readonly Lock _gate = new();
    private readonly DuckDBConnection _connection;

    /// <summary>Starts the engine.</summary>
    public SqlParser()
    {
        _connection = new DuckDBConnection("Data Source=:memory:");
        _connection.Open();
        foreach (string setting in (string[])
            ["SET threads = 1", "SET memory_limit = '128MB'", "SET temp_directory = ''", "SET autoinstall_known_extensions = false",
             "SET autoload_known_extensions = false", "SET enable_external_access = false", "SET lock_configuration = true"])
        {
            using DuckDBCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants above; SET takes no parameters.
            command.CommandText = setting;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The tree of a text: DuckDB's serialized statements, without what is null or as it is by default.</summary>
    /// <exception cref="SqlSyntaxException">The text is no SELECT. The engine's words, which quote the text, are not passed on.</exception>
    /// <exception cref="StorageFailureException">The engine itself failed.</exception>
    public JsonDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            JsonDocument tree = JsonDocument.Parse(Run(text), new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (!tree.RootElement.GetProperty("error").GetBoolean())
                return tree;
            using (tree)
                throw Fault(tree.RootElement);
        }
        catch (JsonException)
        {
            throw new SqlSyntaxException(SqlFault.TooComplex);
        }
        catch (DuckDBException fault)
        {
            throw DuckDbFaults.Translate(fault, "The parser failed");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private string Run(string text)
    {
        lock (_gate)
        {
            using DuckDBCommand command = _connection.CreateCommand();
            command.CommandText = Serialize;
            command.Parameters.Add(new DuckDBParameter(text));
            return command.ExecuteScalar() as string ?? throw new SqlSyntaxException(SqlFault.Syntax);
        }
    }

    private static SqlSyntaxException Fault(JsonElement error)
    {
        string? kind = error.TryGetProperty("error_type", out JsonElement type) ? type.GetString() : null;
        if (kind == "not implemented")
            return new SqlSyntaxException(SqlFault.NotSelect);
        return error.TryGetProperty("position", out JsonElement position) && int.TryParse(position.GetString(), out int offset)
            ? new SqlSyntaxException(SqlFault.Syntax, offset)
            : new SqlSyntaxException(SqlFault.Syntax);
    }
}
