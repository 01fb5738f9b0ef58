using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>
/// Interrupts a command from when the token is cancelled until this is disposed of, and again and again: the engine forgets an interruption that comes just before
/// it begins, and would then work to the end.
/// </summary>
internal sealed class DuckDbInterruption : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly DuckDBCommand _command;
    // Of the process and not of the TimeProvider: the engine works on, whatever a clock says.
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;
    private bool _ended;

    public DuckDbInterruption(DuckDBCommand command, CancellationToken cancellationToken)
    {
        _command = command;
        _timer = new Timer(static state => ((DuckDbInterruption)state!).Interrupt(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.Register(static state => ((DuckDbInterruption)state!)._timer.Change(TimeSpan.Zero, Again), this);
    }

    /// <summary>From now on nothing is interrupted: what the session runs next is not meant.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
        lock (_lock)
            _ended = true;
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            if (!_ended)
                _command.Cancel();
        }
    }
}
