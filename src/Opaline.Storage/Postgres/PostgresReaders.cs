using System.Data;
using System.Data.Common;
using Npgsql;

namespace Opaline.Storage;

/// <summary>Pooled sessions that only read. Each read sees one snapshot from its first statement to its last.</summary>
internal sealed class PostgresReaders(NpgsqlDataSource source) : IAsyncDisposable
{
    private const string Unreadable = "The control store could not be read";

    /// <summary>The sessions, for EF.</summary>
    public NpgsqlDataSource Source => source;

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) =>
        OnceAsync(connection => Read(connection, read), cancellationToken);

    /// <summary>Reads by one command: beginning and ending a transaction around it would be a round trip more.</summary>
    public async Task<T> OnceAsync<T>(Func<NpgsqlConnection, T> read, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
            return read(connection);
        }
        catch (Exception fault) when (PostgresFaults.IsEngines(fault) || fault is ObjectDisposedException)
        {
            throw new StorageFailureException($"{Unreadable} (SQLSTATE {PostgresFaults.Code(fault)}).");
        }
    }

    /// <summary>Reads on the caller's thread; for opening.</summary>
    public T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            using NpgsqlConnection connection = source.OpenConnection();
            return Read(connection, read);
        }
        catch (Exception fault) when (PostgresFaults.IsEngines(fault))
        {
            throw new StorageFailureException($"{Unreadable} (SQLSTATE {PostgresFaults.Code(fault)}).");
        }
    }

    /// <summary>Runs maintenance, which changes no row and so is no write: each statement by itself, outside any transaction.</summary>
    public async Task RunAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
            foreach (string statement in statements)
            {
                await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly and numbered names.
                command.CommandText = statement;
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (Exception fault) when (PostgresFaults.IsEngines(fault) || fault is ObjectDisposedException)
        {
            throw new StorageFailureException($"The database could not be cleaned up (SQLSTATE {PostgresFaults.Code(fault)}).");
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    // The session's own settings make it read-only.
    private static T Read<T>(NpgsqlConnection connection, Func<DbConnection, T> read)
    {
        using NpgsqlTransaction snapshot = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return read(connection);
    }
}
