using Opaline.Catalog;
using Opaline.Server.Tests.Auditing;
using Opaline.Storage;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>An event store that, while it is broken, gives of anything the first page alone.</summary>
internal sealed class UnreadableStore(IEventStore inner, Switch reads) : IEventStore
{
    public SqlDialect Dialect => inner.Dialect;

    public long AppliedLsn => inner.AppliedLsn;

    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken) => inner.PrepareAsync(dataset, cancellationToken);

    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) => inner.SettleAsync(frames, cancellationToken);

    public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken) => inner.SealAsync(dataset, asOf, visibleLsn, cancellationToken);

    public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken) =>
        inner.EraseAsync(dataset, subjects, cancellationToken);

    public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken) => inner.ScrubAsync(datasets, cancellationToken);

    public Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken) => inner.SealedThroughAsync(dataset, cancellationToken);

    public Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken) =>
        reads.Broken && parameters is [_, > 0L, ..]
            ? Task.FromException<IReadOnlyList<object?[]>>(new StorageFailureException("The disk refuses."))
            : inner.AggregateAsync(sql, parameters, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
