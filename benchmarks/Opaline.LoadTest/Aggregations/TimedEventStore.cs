using System.Diagnostics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.LoadTest.Aggregations;

/// <summary>The real store, with the time that it spent on aggregations.</summary>
internal sealed class TimedEventStore(IEventStore inner) : IEventStore
{
    public TimeSpan Spent { get; private set; }

    public SqlDialect Dialect => inner.Dialect;

    public long AppliedLsn => inner.AppliedLsn;

    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken) => inner.PrepareAsync(dataset, cancellationToken);

    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) => inner.SettleAsync(frames, cancellationToken);

    public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken) =>
        inner.SealAsync(dataset, asOf, visibleLsn, cancellationToken);

    public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken) =>
        inner.EraseAsync(dataset, subjects, cancellationToken);

    public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken) => inner.ScrubAsync(datasets, cancellationToken);

    public Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken) => inner.SealedThroughAsync(dataset, cancellationToken);

    public async Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        IReadOnlyList<object?[]> rows = await inner.AggregateAsync(sql, parameters, cancellationToken);
        Spent += Stopwatch.GetElapsedTime(begun);
        return rows;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
