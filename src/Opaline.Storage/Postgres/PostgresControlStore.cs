using System.Data.Common;

namespace Opaline.Storage;

/// <summary>The control store in a PostgreSQL database that this process alone writes.</summary>
internal sealed class PostgresControlStore(PostgresWriter writer, PostgresReaders readers, TimeProvider time) : IControlStore
{
    private readonly GroupCommit _commits = new(writer, time);
    private int _disposed;

    /// <inheritdoc />
    public bool Failed => _commits.Failed;

    /// <summary>Sessions that only read.</summary>
    public PostgresReaders Readers => readers;

    /// <inheritdoc />
    public Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken) => _commits.WriteAsync(work, cancellationToken);

    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        return readers.ReadAsync(read, cancellationToken);
    }

    /// <inheritdoc />
    public Task<T> QueryAsync<T>(string sql, IReadOnlyList<object?> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        return readers.OnceAsync(connection => connection.Query(sql, parameters, read), cancellationToken);
    }

    /// <inheritdoc />
    public Task ScrubAsync(CancellationToken cancellationToken) => readers.RunAsync(
        ["VACUUM (FULL) subject_key", "VACUUM (FULL) key_page", "VACUUM (FULL) tenant_key", "VACUUM vault_entry", "VACUUM vault_holder", "VACUUM erasure"], cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _commits.DisposeAsync();
        await readers.DisposeAsync();
        await writer.DisposeAsync();
    }
}
