using System.Data.Common;

namespace Opaline.Storage;

/// <summary>The control store in one SQLite file, in a folder that this process alone holds.</summary>
internal sealed class SqliteControlStore(PrivateFolder folder, SqliteWriter writer, SqliteReaders readers, TimeProvider time) : IControlStore
{
    public const string FileName = "control.db";

    private const int FoldTries = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly GroupCommit _commits = new(writer, time);
    private int _disposed;

    /// <inheritdoc />
    public bool Failed => _commits.Failed;

    /// <summary>The file.</summary>
    public string FilePath => writer.FilePath;

    /// <summary>The folder that the store holds.</summary>
    public PrivateFolder Folder => folder;

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
        return readers.ReadAsync(connection => connection.Query(sql, parameters, read), cancellationToken);
    }

    /// <inheritdoc />
    public async Task ScrubAsync(CancellationToken cancellationToken)
    {
        bool rewritten = false;
        await _commits.BetweenAsync(() => rewritten = writer.RewriteIndex(), cancellationToken);
        if (!rewritten)
            throw new StorageFailureException("The index of join ids in control.db could not be made anew: it is damaged, or the disk is full. Try again.");
        for (int i = 0; i < FoldTries; i++)
        {
            bool folded = false;
            await _commits.BetweenAsync(() => folded = writer.Fold(), cancellationToken);
            if (folded)
                return;
            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new StorageFailureException("The log of control.db could not be cut: somebody reads an older state of it. Try again.");
    }

    /// <summary>Reads on the caller's thread; for opening.</summary>
    public T Read<T>(Func<DbConnection, T> read) => readers.Read(read);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _commits.DisposeAsync();
        await readers.DisposeAsync();
        try
        {
            await writer.DisposeAsync();
        }
        finally
        {
            folder.Dispose();
        }
    }
}
