namespace Opaline.Storage;

/// <summary>One caller's work on its way through the writer.</summary>
internal abstract class PendingWrite
{
    private int _started;

    /// <summary>What the writer does for it outside any transaction when the group is durable, before its caller is told; null for nothing.</summary>
    public Action? Afterwards { get; init; }

    private ControlTransaction? _transaction;

    /// <summary>Claims the work for the writer; false if its caller has given it up.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    /// <summary>Gives the work up; false if the writer has begun it.</summary>
    public bool TryAbandon() => Interlocked.Exchange(ref _started, 1) == 0;

    /// <summary>Runs the work.</summary>
    public void Run(ControlTransaction transaction)
    {
        _transaction = transaction;
        Work(transaction);
    }

    /// <summary>Whether statements of the work still wait.</summary>
    public bool Waits => _transaction?.Waits == true;

    /// <summary>Runs them, and the statement after them.</summary>
    public void Flush(string last) => _transaction?.Flush(last);

    /// <summary>Publishes what the work asked to have published; the group is durable.</summary>
    public void Publish() => _transaction?.Committed();

    /// <summary>Completes the caller's task; the group is durable.</summary>
    public abstract void Succeed();

    /// <summary>Fails the caller's task.</summary>
    public abstract void Fail(Exception exception);

    protected abstract void Work(ControlTransaction transaction);
}
