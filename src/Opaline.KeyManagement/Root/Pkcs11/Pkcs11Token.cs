using System.Globalization;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in a hardware token, by PKCS#11 2.40: AES-256 keys that never leave it, <c>CKM_AES_GCM</c> with the context as associated data. The versions of the
/// key have one label and their number, as 4 bytes, in <c>CKA_ID</c>; the highest is the primary one. Stored as <c>nonce (12) ‖ ciphertext and tag</c>.
/// </summary>
public sealed class Pkcs11Token : IRootKey
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly Pkcs11Session _session;
    private readonly Lock _one = new();

    private Pkcs11Token(Pkcs11Session session, string keyId)
    {
        _session = session;
        KeyId = keyId;
    }

    /// <inheritdoc/>
    public string KeyId { get; }

    /// <summary>Loads the library and logs in. A token without a key of that label gets its first version by <see cref="RotateAsync"/>.</summary>
    /// <exception cref="KeyUnavailableException">The library, the token or the PIN is wrong.</exception>
    public static Pkcs11Token Open(Pkcs11TokenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Pkcs11Token(Pkcs11Session.Open(options), $"pkcs11:{options.Token}/{options.Key}");
    }

    /// <inheritdoc/>
    public Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        lock (_one)
        {
            int version = Newest();
            byte[] nonce = RandomNumberGenerator.GetBytes(NonceSize);
            byte[] ciphertext = _session.Encrypt(version, nonce, context.ToAssociatedData(), secret);
            return Task.FromResult(new WrappedKey(KeyId, NameOf(version), (byte[])[.. nonce, .. ciphertext]));
        }
    }

    /// <inheritdoc/>
    public Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        KeyServiceRefusal.RequireKey(wrapped, KeyId);
        if (wrapped.Ciphertext.Length <= NonceSize + TagSize)
            throw KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
        lock (_one)
        {
            int version = NumberOf(wrapped.Version);
            if (!_session.Versions().Contains(version))
                throw KeyServiceRefusal.Of(version <= Newest() ? KeyFailure.Destroyed : KeyFailure.NotThere);
            byte[] nonce = wrapped.Ciphertext[..NonceSize].ToArray();
            return Task.FromResult(_session.Decrypt(version, nonce, context.ToAssociatedData(), wrapped.Ciphertext[NonceSize..].ToArray()));
        }
    }

    /// <inheritdoc/>
    public Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken)
    {
        lock (_one)
        {
            int next = _session.Versions().DefaultIfEmpty(0).Max() + 1;
            _session.Generate(next);
            return Task.FromResult(new RootKeyVersion(NameOf(next), KeyState.Primary));
        }
    }

    /// <inheritdoc/>
    public Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        lock (_one)
            return Task.FromResult(State(version));
    }

    /// <inheritdoc/>
    /// <remarks>The key is gone from the token at once; backups of the token keep it.</remarks>
    public Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        lock (_one)
        {
            RootKeyVersion now = State(version);
            if (now.State == KeyState.Primary)
                throw KeyServiceRefusal.InUse();
            if (now.State != KeyState.Destroyed)
                _session.Destroy(NumberOf(version));
            return Task.FromResult(State(version));
        }
    }

    /// <summary>Logs out.</summary>
    public void Dispose() => _session.Dispose();

    private static string NameOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static int NumberOf(string version) => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
        ? number
        : throw KeyServiceRefusal.Of(KeyFailure.NotThere);

    private int Newest() => _session.Versions().DefaultIfEmpty(0).Max() is var newest and > 0
        ? newest
        : throw new KeyUnavailableException(KeyFailure.NotThere, "The token has no such key yet: make an AES-256 key of that label whose id is 00000001.");

    private RootKeyVersion State(string? version)
    {
        int newest = Newest();
        int number = version is null ? newest : NumberOf(version);
        if (number > newest)
            throw KeyServiceRefusal.Of(KeyFailure.NotThere);
        KeyState state = number == newest ? KeyState.Primary : _session.Versions().Contains(number) ? KeyState.DecodeOnly : KeyState.Destroyed;
        return new RootKeyVersion(NameOf(number), state);
    }
}
