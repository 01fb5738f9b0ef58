namespace Opaline.Storage;

/// <summary>A work with its result.</summary>
internal sealed class PendingWrite<T>(Func<ControlTransaction, T> work) : PendingWrite
{
    // Asynchronous continuations: a caller's code must never run on the writer.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    public Task<T> Task => _completion.Task;

    public void Abandon(CancellationToken cancellationToken)
    {
        if (TryAbandon())
            _completion.TrySetCanceled(cancellationToken);
    }

    public override void Succeed() => _completion.TrySetResult(_value!);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected override void Work(ControlTransaction transaction) => _value = work(transaction);
}
