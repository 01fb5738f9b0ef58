using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Opaline.KeyManagement;

/// <summary>
/// The root key in a transit engine of HashiCorp Vault (1.9 or newer) or OpenBao, by its HTTP API
/// (developer.hashicorp.com/vault/api-docs/secret/transit): <c>encrypt</c> and <c>decrypt</c> with the context as <c>associated_data</c>. The policy needs
/// <c>update</c> on both and <c>read</c> on the key, no <c>create</c>; for rotation and destruction <c>update</c> on <c>rotate</c>, <c>config</c> and <c>trim</c>.
/// </summary>
public sealed partial class VaultTransit : IRootKey
{
    private readonly KeyServiceChannel _channel;
    private readonly string _mount;
    private readonly string _key;

    /// <summary>Names the key. Nothing is sent yet.</summary>
    /// <param name="options">Which key.</param>
    /// <param name="tokens">Vault tokens.</param>
    /// <param name="http">Sends; must not follow redirects. It stays the caller's.</param>
    /// <param name="time">Paces repeated attempts.</param>
    public VaultTransit(VaultTransitOptions options, IAccessTokens tokens, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsName(options.Key) || !options.Mount.Split('/').All(IsName))
            throw new ArgumentException("The names of a key and a mount have letters, digits, '_', '-' and '.'; a mount may have '/'.", nameof(options));
        _mount = options.Mount;
        _key = options.Key;
        string? space = options.Namespace;
        _channel = new KeyServiceChannel(http, options.Address, time, tokens, "X-Vault-Token", "", request =>
        {
            request.Headers.TryAddWithoutValidation("X-Vault-Request", "true");
            if (space is not null)
                request.Headers.TryAddWithoutValidation("X-Vault-Namespace", space);
        });
    }

    /// <inheritdoc/>
    public string KeyId => $"vault:{_mount}/{_key}";

    /// <summary>Whether this can be the name of a key or a part of a mount's path.</summary>
    public static bool IsName(string name) => PathPart().IsMatch(name);

    /// <inheritdoc/>
    public async Task<WrappedKey> WrapAsync(SecretBytes secret, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(context);
        using KeyServiceRequest request = new();
        request.Base64("plaintext", secret.Expose()).Base64("associated_data", context.ToAssociatedData());
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Post, $"encrypt/{_key}", request, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw KeyServiceRefusal.OfStatus(answer.Status);
        string ciphertext = answer.Text("data", "ciphertext");
        Match form = Ciphertext().Match(ciphertext);
        return form.Success
            ? new WrappedKey(KeyId, form.Groups[1].Value, Encoding.ASCII.GetBytes(ciphertext))
            : throw KeyServiceAnswer.Malformed();
    }

    /// <inheritdoc/>
    public async Task<SecretBytes> UnwrapAsync(WrappedKey wrapped, KeyContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        ArgumentNullException.ThrowIfNull(context);
        KeyServiceRefusal.RequireKey(wrapped, KeyId);
        string ciphertext = Encoding.ASCII.GetString(wrapped.Ciphertext.Span);
        Match form = Ciphertext().Match(ciphertext);
        if (!form.Success || form.Groups[1].Value != wrapped.Version)
            throw KeyServiceRefusal.Of(KeyFailure.DoesNotOpen);
        using KeyServiceRequest request = new();
        request.Text("ciphertext", ciphertext).Base64("associated_data", context.ToAssociatedData());
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Post, $"decrypt/{_key}", request, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess)
            return answer.Secret(false, "data", "plaintext");
        if (answer.Status != 400)
            throw KeyServiceRefusal.OfStatus(answer.Status);
        // One status for a version that is too old, a wrong context and damage: the state of the version tells which.
        throw KeyServiceRefusal.Of((await StateAsync(wrapped.Version, cancellationToken).ConfigureAwait(false)).State switch
        {
            KeyState.Disabled => KeyFailure.Disabled,
            KeyState.Destroyed => KeyFailure.Destroyed,
            _ => KeyFailure.DoesNotOpen,
        });
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> RotateAsync(CancellationToken cancellationToken)
    {
        using (KeyServiceRequest empty = new())
            await ChangeAsync("rotate", empty, false, cancellationToken).ConfigureAwait(false);
        return await StateAsync(null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<RootKeyVersion> StateAsync(string? version, CancellationToken cancellationToken)
    {
        using KeyServiceAnswer answer = await SendAsync(HttpMethod.Get, $"keys/{_key}", null, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw KeyServiceRefusal.OfStatus(answer.Status);
        long latest = answer.Number("data", "latest_version");
        long number = version is null ? latest : NumberOf(version);
        if (number > latest)
            throw KeyServiceRefusal.Of(KeyFailure.NotThere);
        KeyState state = number == latest ? KeyState.Primary
            : number < answer.Number("data", "min_available_version") ? KeyState.Destroyed
            : number < answer.Number("data", "min_decryption_version") ? KeyState.Disabled
            : KeyState.DecodeOnly;
        return new RootKeyVersion(number.ToString(CultureInfo.InvariantCulture), state);
    }

    /// <inheritdoc/>
    /// <remarks>Transit trims from the oldest on: every older version goes with this one, at once.</remarks>
    public async Task<RootKeyVersion> ScheduleDestroyAsync(string version, CancellationToken cancellationToken)
    {
        RootKeyVersion now = await StateAsync(version, cancellationToken).ConfigureAwait(false);
        if (now.State == KeyState.Primary)
            throw KeyServiceRefusal.InUse();
        if (now.State == KeyState.Destroyed)
            return now;
        long kept = NumberOf(version) + 1;
        using (KeyServiceRequest config = new())
        {
            config.Number("min_decryption_version", kept).Number("min_encryption_version", kept);
            await ChangeAsync("config", config, true, cancellationToken).ConfigureAwait(false);
        }
        using (KeyServiceRequest trim = new())
        {
            trim.Number("min_available_version", kept);
            await ChangeAsync("trim", trim, true, cancellationToken).ConfigureAwait(false);
        }
        return await StateAsync(version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Holds nothing to be disposed of.</summary>
    public void Dispose()
    {
    }

    private static long NumberOf(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is >= 1 and < int.MaxValue
            ? number
            : throw KeyServiceRefusal.Of(KeyFailure.NotThere);

    [GeneratedRegex(@"^(?!\.+$)[0-9A-Za-z_.-]{1,128}$")]
    private static partial Regex PathPart();

    [GeneratedRegex(@"^vault:v([1-9][0-9]{0,8}):[0-9A-Za-z+/]+={0,2}$", RegexOptions.NonBacktracking)]
    private static partial Regex Ciphertext();

    private Task<KeyServiceAnswer> SendAsync(HttpMethod method, string below, KeyServiceRequest? body, CancellationToken cancellationToken) =>
        _channel.SendAsync(method, $"v1/{_mount}/{below}", body, true, cancellationToken);

    private async Task ChangeAsync(string what, KeyServiceRequest body, bool repeatable, CancellationToken cancellationToken)
    {
        using KeyServiceAnswer answer =
            await _channel.SendAsync(HttpMethod.Post, $"v1/{_mount}/keys/{_key}/{what}", body, repeatable, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw KeyServiceRefusal.OfStatus(answer.Status);
    }
}
