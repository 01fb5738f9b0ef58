using System.Data.Common;

namespace Opaline.Storage;

/// <summary>
/// Control data: catalog, vault, ledger, releases, inbox and audit outbox, in one database so that one transaction covers them.
/// SQLite embedded, PostgreSQL on a server. Code above writes portable SQL through <see cref="DbConnection"/>.
/// </summary>
public interface IControlStore : IAsyncDisposable
{
    /// <summary>
    /// Whether a commit has failed. After that every write is refused until the server is restarted, as nobody can say what the disk holds.
    /// </summary>
    bool Failed { get; }

    /// <summary>
    /// Runs <paramref name="work"/> inside the next group commit. When the task completes the write is durable (fsynced).
    /// An exception of <paramref name="work"/> undoes its own statements only and is rethrown to its caller only.
    /// </summary>
    /// <param name="work">Short and synchronous: everybody else's commit waits for it.</param>
    /// <param name="cancellationToken">Honoured until the work has started.</param>
    /// <exception cref="StorageFailureException">The commit failed: nobody of the group may take its write as done.</exception>
    Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the old content of what was deleted or changed before this call out of the files, as far as the engine lets us: SQLite overwrites it, the index of join ids is made anew, and its log is folded
    /// in and cut; PostgreSQL writes the tables of keys anew, and what lies in its log stays until the server recycles it.
    /// </summary>
    /// <exception cref="StorageFailureException">It could not be done, as while a read goes on for long.</exception>
    Task ScrubAsync(CancellationToken cancellationToken);

    /// <summary>Runs <paramref name="read"/> on a read-only snapshot; never waits for writers.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken);

    /// <summary>The same by one command, which is one round trip to a server; all its statements see one snapshot.</summary>
    /// <param name="sql">One or more statements, with parameters named <c>@p0</c>, <c>@p1</c>, …</param>
    /// <param name="parameters">Their values.</param>
    /// <param name="read">Reads what they return, in their order.</param>
    /// <param name="cancellationToken">Ends the wait for a connection.</param>
    Task<T> QueryAsync<T>(string sql, IReadOnlyList<object?> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken);
}
