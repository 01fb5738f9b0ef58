using System.Globalization;
using System.Text.RegularExpressions;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in Google Cloud KMS, by its REST API v1 (cloud.google.com/kms/docs/reference/rest): <c>encrypt</c> and <c>decrypt</c> with the context as
/// additional authenticated data, both ways checked with CRC32C. Needs the roles of an encrypter and decrypter; for rotation and destruction that of an
/// administrator of the key.
/// </summary>
public sealed partial class GoogleKms : IRootKey
{
    private const string Versions = "/cryptoKeyVersions/";

    private readonly KeyServiceChannel _channel;
    private readonly TimeProvider _time;
    private readonly string _key;

    /// <summary>Names the key. Nothing is sent yet.</summary>
    /// <param name="options">Which key.</param>
    /// <param name="tokens">OAuth 2.0 access tokens for it.</param>
    /// <param name="http">Sends; must not follow redirects. It stays the caller's.</param>
    /// <param name="time">Paces repeated attempts.</param>
    public GoogleKms(GoogleKmsOptions options, IAccessTokens tokens, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsKey(options.Key))
            throw new ArgumentException("A key is named projects/P/locations/L/keyRings/R/cryptoKeys/K.", nameof(options));
        _key = options.Key;
        _time = time;
        _channel = new KeyServiceChannel(http, options.Address, time, tokens, "Authorization", "Bearer ");
    }

    /// <inheritdoc/>
    public string KeyId => "google:" + _key;

    /// <summary>Whether this is the resource name of a key.</summary>
    public static bool IsKey(string key) => KeyName().IsMatch(key);

    /// <inheritdoc/>
    public async Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        byte[] data = context.ToAssociatedData();
        using KeyServiceRequest request = new();
        request.Base64("plaintext", secret.Expose()).Text("plaintextCrc32c", Crc(secret.Expose()))
            .Base64("additionalAuthenticatedData", data).Text("additionalAuthenticatedDataCrc32c", Crc(data));
        using KeyServiceAnswer answer = await _channel.SendAsync(HttpMethod.Post, $"v1/{_key}:encrypt", request, true, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw await RefusedAsync(answer, null, cancellationToken).ConfigureAwait(false);
        byte[] ciphertext = answer.Bytes(false, "ciphertext");
        if (!answer.IsTrue("verifiedPlaintextCrc32c") || !answer.IsTrue("verifiedAdditionalAuthenticatedDataCrc32c")
            || answer.Text("ciphertextCrc32c") != Crc(ciphertext))
        {
            throw KeyServiceAnswer.Malformed();
        }
        return new WrappedKey(KeyId, VersionOf(answer.Text("name")), ciphertext);
    }

    /// <inheritdoc/>
    public async Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        KeyServiceRefusal.RequireKey(wrapped, KeyId);
        byte[] data = context.ToAssociatedData();
        using KeyServiceRequest request = new();
        request.Base64("ciphertext", wrapped.Ciphertext.Span).Text("ciphertextCrc32c", Crc(wrapped.Ciphertext.Span))
            .Base64("additionalAuthenticatedData", data).Text("additionalAuthenticatedDataCrc32c", Crc(data));
        using KeyServiceAnswer answer = await _channel.SendAsync(HttpMethod.Post, $"v1/{_key}:decrypt", request, true, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw await RefusedAsync(answer, wrapped.Version, cancellationToken).ConfigureAwait(false);
        SecretBytes secret = answer.Secret(false, "plaintext");
        if (answer.Text("plaintextCrc32c") == Crc(secret.Expose()))
            return secret;
        secret.Dispose();
        throw KeyServiceAnswer.Malformed();
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken)
    {
        string version;
        using (KeyServiceRequest empty = new())
        using (KeyServiceAnswer made = await _channel.SendAsync(HttpMethod.Post, $"v1/{_key}/cryptoKeyVersions", empty, false, cancellationToken).ConfigureAwait(false))
        {
            if (!made.IsSuccess)
                throw await RefusedAsync(made, null, cancellationToken).ConfigureAwait(false);
            version = VersionOf(made.Text("name"));
        }
        await UntilEnabledAsync(version, cancellationToken).ConfigureAwait(false);
        using KeyServiceRequest request = new();
        request.Text("cryptoKeyVersionId", version);
        using KeyServiceAnswer answer =
            await _channel.SendAsync(HttpMethod.Post, $"v1/{_key}:updatePrimaryVersion", request, true, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess
            ? new RootKeyVersion(version, KeyState.Primary)
            : throw await RefusedAsync(answer, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        using KeyServiceAnswer key = await GetAsync($"v1/{_key}", cancellationToken).ConfigureAwait(false);
        string primary = VersionOf(key.Text("primary", "name"));
        if (version is null || version == primary)
            return new RootKeyVersion(primary, State(key.Text("primary", "state"), KeyState.Primary));
        using KeyServiceAnswer answer = await GetAsync($"v1/{_key}{Versions}{Checked(version)}", cancellationToken).ConfigureAwait(false);
        return Read(answer);
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        RootKeyVersion now = await StateAsync(Checked(version), cancellationToken).ConfigureAwait(false);
        if (now.State == KeyState.Primary)
            throw KeyServiceRefusal.InUse();
        if (now.State == KeyState.Destroyed || now.GoneAt is not null)
            return now;
        using KeyServiceRequest empty = new();
        using KeyServiceAnswer answer =
            await _channel.SendAsync(HttpMethod.Post, $"v1/{_key}{Versions}{version}:destroy", empty, true, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? Read(answer) : throw await RefusedAsync(answer, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Holds nothing to be disposed of.</summary>
    public void Dispose()
    {
    }

    private static string Crc(ReadOnlySpan<byte> bytes) => Crc32C.Compute(bytes).ToString(CultureInfo.InvariantCulture);

    /// <summary>A version goes into a path, and a stored one is not to be trusted.</summary>
    private static string Checked(string version) => VersionNumber().IsMatch(version)
        ? version
        : throw new KeyUnavailableException(KeyFailure.NotThere, "There is no such version of the root key.");

    private static RootKeyVersion Read(KeyServiceAnswer version)
    {
        string state = version.Text("state");
        return new RootKeyVersion(
            version.Text("name").Split('/')[^1],
            State(state, KeyState.DecodeOnly),
            state == "DESTROY_SCHEDULED" ? version.TimeOrNull("destroyTime") : null);
    }

    private static KeyState State(string state, KeyState enabled) => state switch
    {
        "ENABLED" => enabled,
        "PENDING_GENERATION" or "PENDING_IMPORT" => KeyState.Added,
        "DESTROYED" => KeyState.Destroyed,
        _ => KeyState.Disabled,
    };

    [GeneratedRegex("^projects/[^/?#%\\s]+/locations/[^/?#%\\s]+/keyRings/[^/?#%\\s]+/cryptoKeys/[^/?#%:\\s]+$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyName();

    [GeneratedRegex("^[1-9][0-9]{0,9}$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionNumber();

    private string VersionOf(string name) => name.StartsWith(_key + Versions, StringComparison.Ordinal)
        ? Checked(name[(_key.Length + Versions.Length)..])
        : throw KeyServiceAnswer.Malformed();

    private async Task UntilEnabledAsync(string version, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= 10; attempt++)
        {
            using KeyServiceAnswer answer = await GetAsync($"v1/{_key}{Versions}{version}", cancellationToken).ConfigureAwait(false);
            if (answer.Text("state") == "ENABLED")
                return;
            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken).ConfigureAwait(false);
        }
        throw new KeyUnavailableException(KeyFailure.Unreachable, "The new version of the root key is still being generated: rotate again later.");
    }

    private async Task<KeyServiceAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        KeyServiceAnswer answer = await _channel.SendAsync(HttpMethod.Get, path, null, true, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
            return answer;
        using (answer)
            throw await RefusedAsync(answer, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An unmet precondition is a version that is not enabled; which way, its state tells.</summary>
    private async Task<KeyUnavailableException> RefusedAsync(KeyServiceAnswer answer, string? version, CancellationToken cancellationToken)
    {
        string? status = answer.TextOrNull("error", "status");
        if (status == "INVALID_ARGUMENT" && version is not null)
            return KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
        if (status != "FAILED_PRECONDITION")
            return KeyServiceRefusal.OfStatus(answer.Status);
        bool destroyed = version is not null && (await StateAsync(version, cancellationToken).ConfigureAwait(false)).State == KeyState.Destroyed;
        return KeyServiceRefusal.Of(destroyed ? KeyFailure.Destroyed : KeyFailure.Disabled);
    }
}
