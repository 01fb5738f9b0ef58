using Opaline.KeyManagement;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>A root key that lets the first who asks for its state wait.</summary>
internal sealed class HeldRootKey(IRootKey inner) : IRootKey
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody waits.</summary>
    public Task Asked => _asked.Task;

    public string KeyId => inner.KeyId;

    public void Answer() => _answer.SetResult();

    public Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken) => inner.WrapAsync(secret, context, cancellationToken);

    public Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken) => inner.UnwrapAsync(wrapped, context, cancellationToken);

    public Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken) => inner.RotateAsync(cancellationToken);

    public async Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        if (_asked.TrySetResult())
            await _answer.Task;
        return await inner.StateAsync(version, cancellationToken);
    }

    public Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken) => inner.ScheduleDestroyAsync(version, cancellationToken);

    public void Dispose() => inner.Dispose();
}
