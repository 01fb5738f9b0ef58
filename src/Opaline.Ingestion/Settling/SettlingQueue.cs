namespace Opaline.Ingestion;

/// <summary>Tells the settler that frames wait, and lets batches wait while too many rows do.</summary>
internal sealed class SettlingQueue : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _rows;

    /// <summary>Rows that are durable and not yet settled.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>What waits at a start.</summary>
    public void Begin(long rows) => Interlocked.Exchange(ref _rows, rows);

    /// <summary>Rows were committed to the inbox.</summary>
    public void Added(long rows)
    {
        Interlocked.Add(ref _rows, rows);
        Wake();
    }

    /// <summary>Rows were settled.</summary>
    public void Settled(long rows)
    {
        Interlocked.Add(ref _rows, -rows);
        Release();
    }

    /// <summary>Lets everybody who waits for room look again.</summary>
    public void Release()
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            waiting = _room;
            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.TrySetResult();
    }

    /// <summary>Completes at the next change of <see cref="Rows"/> downwards. Take it before looking.</summary>
    public Task NextSettledAsync()
    {
        lock (_lock)
            return _room.Task;
    }

    /// <summary>Waits for frames, at most so long; returns at once if some came since the last call.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _signal.Dispose();

    private void Wake()
    {
        lock (_lock)
        {
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
    }
}
