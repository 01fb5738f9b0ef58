using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>An event store whose callers hang up as soon as it is asked to prepare a dataset.</summary>
internal sealed class WatchedEventStore(IEventStore inner, Func<Task> hangUp) : IEventStore
{
    public SqlDialect Dialect => inner.Dialect;

    public long AppliedLsn => inner.AppliedLsn;

    /// <summary>How often a dataset was prepared to the end.</summary>
    public int Prepared { get; private set; }

    public async Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        await hangUp();
        cancellationToken.ThrowIfCancellationRequested();
        await inner.PrepareAsync(dataset, cancellationToken);
        Prepared++;
    }

    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) => inner.SettleAsync(frames, cancellationToken);

    public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken) => inner.SealAsync(dataset, asOf, visibleLsn, cancellationToken);

    public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken) =>
        inner.EraseAsync(dataset, subjects, cancellationToken);

    public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken) => inner.ScrubAsync(datasets, cancellationToken);

    public Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken) => inner.SealedThroughAsync(dataset, cancellationToken);

    public Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken) =>
        inner.AggregateAsync(sql, parameters, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
