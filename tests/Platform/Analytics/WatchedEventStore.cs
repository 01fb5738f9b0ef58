using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics;

/// <summary>The real store, with a count of its aggregations and a way to make them fail or to wait.</summary>
internal sealed class WatchedEventStore(IEventStore inner) : IEventStore
{
    private int _aggregations;

    public int Aggregations => Volatile.Read(ref _aggregations);

    /// <summary>Called before every aggregation.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public List<string> Statements { get; } = [];

    public long AppliedLsn => inner.AppliedLsn;

    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken) => inner.PrepareAsync(dataset, cancellationToken);

    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) => inner.SettleAsync(frames, cancellationToken);

    public async Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _aggregations);
        lock (Statements)
            Statements.Add(sql);
        await Before();
        return await inner.AggregateAsync(sql, parameters, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
