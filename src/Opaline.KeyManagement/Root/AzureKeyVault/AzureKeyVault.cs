using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in Azure Key Vault, by its REST API 7.4 (learn.microsoft.com/rest/api/keyvault/keys): <c>wrapkey</c> and <c>unwrapkey</c> with RSA-OAEP-256, which knows
/// no associated data. So the service wraps a fresh key, and that seals the secret with AES-256-GCM and the context:
/// <c>length ‖ wrapped key ‖ sealed box</c>. As anyone can wrap with a public key, this says who can open, not who wrapped.
/// </summary>
public sealed partial class AzureKeyVault : IRootKey
{
    private const string Api = "api-version=7.4";
    private const string Algorithm = "RSA-OAEP-256";

    private readonly KeyServiceChannel _channel;
    private readonly string _vault;
    private readonly string _key;

    /// <summary>Names the key. Nothing is sent yet.</summary>
    /// <param name="options">Which key.</param>
    /// <param name="tokens">Access tokens for the resource <c>https://vault.azure.net</c>.</param>
    /// <param name="http">Sends; must not follow redirects. It stays the caller's.</param>
    /// <param name="time">Paces repeated attempts.</param>
    public AzureKeyVault(AzureKeyVaultOptions options, IAccessTokens tokens, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsKey(options.Key))
            throw new ArgumentException("The name of a key has 1 to 127 letters, digits and hyphens.", nameof(options));
        _channel = new KeyServiceChannel(http, options.Vault, time, tokens, "Authorization", "Bearer ");
        _vault = options.Vault.GetLeftPart(UriPartial.Authority);
        _key = options.Key;
    }

    /// <inheritdoc/>
    public string KeyId => $"azure:{_vault}/keys/{_key}";

    /// <summary>Whether this can be the name of a key.</summary>
    public static bool IsKey(string key) => KeyName().IsMatch(key);

    /// <inheritdoc/>
    public async Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        RootKeyVersion primary = await StateAsync(null, cancellationToken).ConfigureAwait(false);
        using SecretBytes inner = SecretBytes.Random(SealedBox.KeySize);
        using KeyServiceRequest request = new();
        request.Text("alg", Algorithm).Base64OfUrls("value", inner.Expose());
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Post, $"{primary.Version}/wrapkey", request, cancellationToken).ConfigureAwait(false);
        byte[] wrapped = answer.Bytes(true, "value");
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)wrapped.Length);
        byte[] box = SealedBox.Seal(inner.Expose(), secret.Expose(), context.ToAssociatedData());
        return new WrappedKey(KeyId, VersionOf(answer.Text("kid")), (byte[])[.. length, .. wrapped, .. box]);
    }

    /// <inheritdoc/>
    public async Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        KeyServiceRefusal.RequireKey(wrapped, KeyId);
        ReadOnlyMemory<byte> stored = wrapped.Ciphertext;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(stored.Span, out ushort length) || stored.Length <= 2 + length + SealedBox.Overhead)
            throw KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
        using KeyServiceRequest request = new();
        request.Text("alg", Algorithm).Base64OfUrls("value", stored.Span.Slice(2, length));
        using KeyServiceAnswer answer =
            await SendAsync(HttpMethod.Post, $"{Checked(wrapped.Version)}/unwrapkey", request, cancellationToken, opening: true).ConfigureAwait(false);
        using SecretBytes inner = answer.Secret(true, "value");
        return Open(inner, stored.Span[(2 + length)..], context.ToAssociatedData());
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken)
    {
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Post, "rotate", null, cancellationToken, repeatable: false).ConfigureAwait(false);
        return new RootKeyVersion(VersionOf(answer.Text("key", "kid")), KeyState.Primary);
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        using KeyServiceAnswer newest = await SendAsync(HttpMethod.Get, "", null, cancellationToken).ConfigureAwait(false);
        string primary = VersionOf(newest.Text("key", "kid"));
        if (version is null || version == primary)
            return new RootKeyVersion(primary, newest.IsTrue("attributes", "enabled") ? KeyState.Primary : KeyState.Disabled);
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Get, Checked(version), null, cancellationToken).ConfigureAwait(false);
        return Read(answer);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Key Vault destroys keys only as a whole, so a single version is disabled. To be rid of it for good, move to a key of another name and purge this one.
    /// </remarks>
    public async Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        RootKeyVersion primary = await StateAsync(null, cancellationToken).ConfigureAwait(false);
        if (primary.Version == version)
            throw KeyServiceRefusal.InUse();
        using KeyServiceRequest request = new();
        request.Object("attributes", "enabled", false);
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Patch, Checked(version), request, cancellationToken).ConfigureAwait(false);
        return Read(answer);
    }

    /// <summary>Holds nothing to be disposed of.</summary>
    public void Dispose()
    {
    }

    private static SecretBytes Open(SecretBytes inner, ReadOnlySpan<byte> box, byte[] associatedData)
    {
        Span<byte> secret = GC.AllocateArray<byte>(box.Length - SealedBox.Overhead, pinned: true);
        try
        {
            SealedBox.Open(inner.Expose(), box, associatedData, secret);
            return SecretBytes.TakeFrom(secret, resident: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>A version goes into a path, and a stored one is not to be trusted.</summary>
    private static string Checked(string version) => VersionName().IsMatch(version)
        ? version
        : throw new KeyUnavailableException(KeyFailure.NotThere, "There is no such version of the root key.");

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyName();

    [GeneratedRegex("^[0-9a-zA-Z]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionName();

    private RootKeyVersion Read(KeyServiceAnswer bundle) => new(
        VersionOf(bundle.Text("key", "kid")), bundle.IsTrue("attributes", "enabled") ? KeyState.DecodeOnly : KeyState.Disabled);

    private string VersionOf(string kid)
    {
        string[] parts = kid.Split('/');
        return parts.Length >= 2 && parts[^2] == _key ? Checked(parts[^1]) : throw KeyServiceAnswer.Malformed();
    }

    private async Task<KeyServiceAnswer> SendAsync(
        HttpMethod method, string below, KeyServiceRequest? body, CancellationToken cancellationToken, bool repeatable = true, bool opening = false)
    {
        string path = below.Length == 0 ? $"keys/{_key}?{Api}" : $"keys/{_key}/{below}?{Api}";
        KeyServiceAnswer answer = await _channel.SendAsync(method, path, body, repeatable, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
            return answer;
        using (answer)
        {
            throw answer.TextOrNull("error", "innererror", "code") == "KeyDisabled" ? KeyServiceRefusal.Of(KeyFailure.Disabled)
                : answer.Status == 400 && opening ? KeyServiceRefusal.Of(KeyFailure.DoesNotOpen)
                : KeyServiceRefusal.OfStatus(answer.Status);
        }
    }
}
