using System.Collections.Concurrent;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics;

/// <summary>The real store, with a count of its aggregations and a way to make them fail or to wait.</summary>
internal sealed class WatchedEventStore(IEventStore inner) : IEventStore
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<object?[]>> _remembered = new();
    private bool _remember;
    private int _aggregations;

    public int Aggregations => Volatile.Read(ref _aggregations);

    /// <summary>Called before every aggregation.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public List<string> Statements { get; } = [];

    public SqlDialect Dialect => inner.Dialect;

    public long AppliedLsn => inner.AppliedLsn;

    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken) => inner.PrepareAsync(dataset, cancellationToken);

    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) => inner.SettleAsync(frames, cancellationToken);

    public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken) => inner.SealAsync(dataset, asOf, visibleLsn, cancellationToken);

    public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken) =>
        inner.EraseAsync(dataset, subjects, cancellationToken);

    public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken) => inner.ScrubAsync(datasets, cancellationToken);

    public Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken) => inner.SealedThroughAsync(dataset, cancellationToken);

    public async Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _aggregations);
        lock (Statements)
            Statements.Add(sql);
        await Before();
        if (!_remember)
            return await inner.AggregateAsync(sql, parameters, cancellationToken);
        string key = string.Join('\0', [sql, .. parameters]);
        return _remembered.TryGetValue(key, out IReadOnlyList<object?[]>? rows)
            ? rows
            : _remembered[key] = await inner.AggregateAsync(sql, parameters, cancellationToken);
    }

    /// <summary>From now on the same aggregation is computed once, for tests that only look at noise.</summary>
    public void Remember() => _remember = true;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
