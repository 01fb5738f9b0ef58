namespace Opaline.KeyManagement;

/// <summary>
/// The key above all others, wherever it is kept. It wraps tenant keys and the server's own secrets, nothing else, so it is asked a few
/// times at a start and at a rotation. Every member throws <see cref="KeyUnavailableException"/>. Safe for use by many threads.
/// </summary>
public interface IRootKey : IDisposable
{
    /// <summary>Names the key, without its version. A wrapped key that names another one is never sent there.</summary>
    string KeyId { get; }

    /// <summary>Wraps under the primary version.</summary>
    /// <param name="secret">1 to 4,096 bytes.</param>
    /// <param name="context">What it belongs to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken);

    /// <summary>Opens what <see cref="WrapAsync"/> wrapped. The caller disposes of the secret.</summary>
    /// <param name="wrapped">Under any version that may still decode.</param>
    /// <param name="context">What it belongs to; the same as when it was wrapped.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken);

    /// <summary>Adds a version and makes it the primary one; older ones still unwrap.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken);

    /// <summary>What may be done with a version.</summary>
    /// <param name="version">As a <see cref="WrappedKey"/> names it; null for the primary one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a version as soon as the provider can. The answer is <see cref="KeyState.Destroyed"/>, or <see cref="KeyState.Disabled"/> with the time when it
    /// will be gone; without a time the provider can only disable it, and whoever may enable it can open old copies.
    /// </summary>
    /// <param name="version">Not the primary one; wrap again first what is still under it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken);
}
