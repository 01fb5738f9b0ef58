using Microsoft.Extensions.Options;

namespace Opaline.Storage;

/// <summary>
/// The clock at whose ticks ingested rows become visible. The settler captures the last durable LSN at a boundary, settles through it and
/// publishes the tick; everybody else only reads. Ticks never go back, even if the machine's clock does.
/// </summary>
public sealed class PublicClock
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<(long Number, TaskCompletionSource<Tick> Source)> _waiting = [];
    private Tick _current = new(0, DateTime.UnixEpoch, 0);

    /// <summary>A clock that has not ticked yet.</summary>
    public PublicClock(TimeProvider time, IOptions<StorageOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        Period = TimeSpan.FromSeconds(options.Value.TickSeconds);
    }

    /// <summary>Length of a tick.</summary>
    public TimeSpan Period { get; }

    /// <summary>The last published tick; number 0, which sees nothing, before the first.</summary>
    public Tick Current => Volatile.Read(ref _current);

    /// <summary>The number of the tick that the time of day calls for. The settler's business when it is above <see cref="Current"/>'s.</summary>
    public long DueNumber => (_time.GetUtcNow().UtcDateTime.Ticks - DateTime.UnixEpoch.Ticks) / Period.Ticks;

    /// <summary>How long until the next boundary; above zero.</summary>
    public TimeSpan UntilNext => StartOf(DueNumber + 1) - _time.GetUtcNow().UtcDateTime;

    /// <summary>The instant at which the tick of that number begins.</summary>
    public DateTime StartOf(long number) => DateTime.UnixEpoch.AddTicks(number * Period.Ticks);

    /// <summary>Publishes a tick through which everything is settled. Does nothing if its number is not above the current one's.</summary>
    /// <param name="number">Number of the tick, usually <see cref="DueNumber"/> as it was when the LSN was captured.</param>
    /// <param name="visibleLsn">The captured LSN.</param>
    public void Publish(long number, long visibleLsn)
    {
        List<TaskCompletionSource<Tick>> reached = [];
        Tick tick;
        lock (_lock)
        {
            if (number <= _current.Number)
                return;
            if (visibleLsn < _current.VisibleLsn)
                throw new ArgumentOutOfRangeException(nameof(visibleLsn), "Rows that were visible stay visible.");
            tick = new Tick(number, StartOf(number), visibleLsn);
            Volatile.Write(ref _current, tick);
            foreach ((long wanted, TaskCompletionSource<Tick> source) in _waiting)
            {
                if (wanted <= number)
                    reached.Add(source);
            }

            _waiting.RemoveAll(w => w.Number <= number || w.Source.Task.IsCompleted);
        }

        foreach (TaskCompletionSource<Tick> source in reached)
            source.TrySetResult(tick);
    }

    /// <summary>Waits until a tick of at least that number is published and returns it.</summary>
    public async Task<Tick> WaitForAsync(long number, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Tick> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_current.Number >= number)
                return _current;
            _waiting.Add((number, source));
        }

        await using (cancellationToken.Register(() => source.TrySetCanceled(cancellationToken)))
            return await source.Task;
    }
}
