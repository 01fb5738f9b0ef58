using System.Globalization;
using Opaline.Client.Contracts;
using Opaline.Client.Http;

namespace Opaline.Client;

/// <content>The tenant's keys.</content>
public sealed partial class OpalineClient
{
    /// <summary>The versions of the tenant's keys and their newest rotations.</summary>
    public Task<KeysDocument> GetKeysAsync(CancellationToken cancellationToken = default) =>
        GetAsync<KeysDocument>(new RequestPath("keys"), Repeat.Always, cancellationToken);

    /// <summary>Asks for a rotation of the keys. Asked again before it is done it is the same one.</summary>
    public Task<KeyRotationDocument> RotateKeysAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync<KeyRotationDocument>(
            () => new HttpRequestMessage(HttpMethod.Post, new RequestPath("keys", "rotations").ToString()), Repeat.WhenRefused, cancellationToken);

    /// <summary>How far a rotation is; null if there is none of that number.</summary>
    public Task<KeyRotationDocument?> FindRotationAsync(long id, CancellationToken cancellationToken = default) =>
        FindAsync<KeyRotationDocument>(new RequestPath("keys", "rotations", id.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    /// <summary>Revokes a version of the keys: its tokens open no more.</summary>
    public Task<KeysDocument> DisableKeyVersionAsync(int version, CancellationToken cancellationToken = default) => ChangeKeyAsync(version, "disable", cancellationToken);

    /// <summary>Lets tokens of a disabled version open again.</summary>
    public Task<KeysDocument> EnableKeyVersionAsync(int version, CancellationToken cancellationToken = default) => ChangeKeyAsync(version, "enable", cancellationToken);

    /// <summary>Destroys a disabled version for good.</summary>
    public Task<KeysDocument> DestroyKeyVersionAsync(int version, CancellationToken cancellationToken = default) => ChangeKeyAsync(version, "destroy", cancellationToken);

    /// <summary>Renews the root key and wraps all keys under it.</summary>
    public Task<RootKeyDocument> RotateRootKeyAsync(CancellationToken cancellationToken = default) => RootAsync("rotate", Repeat.WhenRefused, cancellationToken);

    /// <summary>Wraps all keys under the newest version of the root key, after a rotation at the service that keeps it.</summary>
    public Task<RootKeyDocument> RewrapUnderRootKeyAsync(CancellationToken cancellationToken = default) => RootAsync("rewrap", Repeat.Always, cancellationToken);

    private Task<RootKeyDocument> RootAsync(string verb, Repeat repeat, CancellationToken cancellationToken) => _transport.SendAsync<RootKeyDocument>(
        () => new HttpRequestMessage(HttpMethod.Post, new RequestPath("keys", "root", verb).ToString()), repeat, cancellationToken);

    private Task<KeysDocument> ChangeKeyAsync(int version, string verb, CancellationToken cancellationToken) => _transport.SendAsync<KeysDocument>(
        () => new HttpRequestMessage(
            HttpMethod.Post, new RequestPath("keys", "versions", version.ToString(CultureInfo.InvariantCulture), verb).ToString()),
        Repeat.Always,
        cancellationToken);
}
