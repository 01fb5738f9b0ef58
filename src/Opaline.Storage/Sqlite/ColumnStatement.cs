using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Opaline.Storage;

/// <summary>
/// A statement that stays prepared and is run for every row of some columns. Of a short statement, what a command does around it takes longer than the statement. For one caller at a time.
/// </summary>
internal sealed class ColumnStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <param name="connection">Must stay open for as long as this is used.</param>
    /// <param name="sql">With parameters <c>@p0</c>, <c>@p1</c>, ….</param>
    /// <param name="columns">How many parameters it has.</param>
    public ColumnStatement(sqlite3 connection, string sql, int columns)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, sql, out _statement));
        _places = [.. Enumerable.Range(0, columns).Select(i => raw.sqlite3_bind_parameter_index(_statement, string.Create(CultureInfo.InvariantCulture, $"@p{i}")))];
    }

    /// <summary>Runs it once a row, and returns how many rows of tables it touched.</summary>
    /// <param name="columns">All of the same length: <c>long[]</c> or <c>byte[]?[]</c>.</param>
    public int Execute(ReadOnlySpan<Array> columns)
    {
        int before = raw.sqlite3_total_changes(_connection);
        try
        {
            for (int row = 0; row < columns[0].Length; row++)
            {
                for (int i = 0; i < columns.Length; i++)
                    Check(Bind(_places[i], columns[i], row));
                Check(raw.sqlite3_step(_statement));
                Check(raw.sqlite3_reset(_statement));
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement);
        }

        return raw.sqlite3_total_changes(_connection) - before;
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, Array column, int row) => column switch
    {
        long[] numbers => raw.sqlite3_bind_int64(_statement, place, numbers[row]),
        byte[]?[] values when values[row] is { } bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        byte[]?[] => raw.sqlite3_bind_null(_statement, place),
        _ => throw new ArgumentException("A column is of numbers or of bytes.", nameof(column)),
    };

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection);
}
