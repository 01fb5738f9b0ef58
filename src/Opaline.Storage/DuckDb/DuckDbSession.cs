using System.Globalization;
using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>One connection to the event store's database.</summary>
internal sealed class DuckDbSession : IDisposable
{
    /// <summary>The name under which the file is attached.</summary>
    public const string Database = "events";

    private readonly DuckDBConnection _connection;

    public DuckDbSession(DuckDBConnection root)
    {
        _connection = root.Duplicate();
        _connection.Open();
        Run($"USE {Database}");
    }

    public DuckDBConnection Connection => _connection;

    public void Run(string sql, params ReadOnlySpan<object> parameters)
    {
        using DuckDBCommand command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    public long Number(string sql, params ReadOnlySpan<object> parameters)
    {
        using DuckDBCommand command = Command(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    public DuckDBCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        DuckDBCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly, numbered names, or a plan's SQL, which holds no value.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (object parameter in parameters)
            command.Parameters.Add(new DuckDBParameter(parameter is string text ? StoredText.Of(text) : parameter));
        return command;
    }

    public void Dispose() => _connection.Dispose();
}
