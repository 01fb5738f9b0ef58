using Opaline.KeyManagement;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

/// <summary>A root key whose service can be made not to answer.</summary>
internal sealed class SwitchedRootKey(IRootKey inner) : IRootKey
{
    public bool Broken { get; set; }

    public string KeyId => inner.KeyId;

    public Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken) =>
        Working.WrapAsync(secret, context, cancellationToken);

    public Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken) =>
        Working.UnwrapAsync(wrapped, context, cancellationToken);

    public Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken) => Working.RotateAsync(cancellationToken);

    public Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken) => Working.StateAsync(version, cancellationToken);

    public Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken) =>
        Working.ScheduleDestroyAsync(version, cancellationToken);

    public void Dispose() => inner.Dispose();

    private IRootKey Working => Broken ? throw new KeyUnavailableException(KeyFailure.Unreachable, "The key service does not answer.") : inner;
}
