using System.Data.Common;
using Opaline.Storage;

namespace Opaline.Server.Tests.Auditing;

/// <summary>A control store whose disk can be made to refuse writes.</summary>
internal sealed class UnwritableStore(IControlStore inner, Switch writes) : IControlStore
{
    public bool Failed => writes.Broken || inner.Failed;

    public Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken) => writes.Broken
        ? Task.FromException<T>(new StorageFailureException("The disk refuses."))
        : inner.WriteAsync(work, cancellationToken);

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) => inner.ReadAsync(read, cancellationToken);

    public Task<T> QueryAsync<T>(string sql, IReadOnlyList<object?> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        inner.QueryAsync(sql, parameters, read, cancellationToken);

    public Task ScrubAsync(CancellationToken cancellationToken) => writes.Broken
        ? Task.FromException(new StorageFailureException("The disk refuses."))
        : inner.ScrubAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
