using System.Data.Common;
using Opaline.Storage;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

/// <summary>Reads what a transaction that will be undone has written.</summary>
internal sealed class OneConnection(ControlTransaction transaction) : IControlStore
{
    public bool Failed => false;

    public Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ScrubAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) => Task.FromResult(read(transaction.Connection));

    public Task<T> QueryAsync<T>(string sql, IReadOnlyList<object?> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        Task.FromResult(transaction.Connection.Query(sql, parameters, read));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
