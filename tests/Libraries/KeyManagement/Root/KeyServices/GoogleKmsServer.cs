using System.Globalization;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>Google Cloud KMS, REST v1: cryptoKeys and cryptoKeyVersions of one symmetric key.</summary>
internal sealed class GoogleKmsServer : IServedKey
{
    private const string Key = "projects/p1/locations/global/keyRings/r1/cryptoKeys/opaline";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<int, (SealingKey Key, string State)> _versions = new() { [1] = (new SealingKey(), "ENABLED") };
    private readonly TimeProvider _time;
    private int _primary = 1;
    private string _token = "token-1";

    private GoogleKmsServer(TimeProvider time) => _time = time;

    public IRootKey Root { get; private set; } = null!;

    public KeyServiceServer Server { get; private set; } = null!;

    private string TokenPath => Path.Combine(_folder.Path, "token");

    public static async Task<IServedKey> StartAsync(TimeProvider time)
    {
        GoogleKmsServer service = new(time);
        service.Server = await KeyServiceServer.StartAsync(service.Serve);
        service.Hand(service._token);
        service.Root = service.Open(Key);
        return service;
    }

    public void Disable(string version) => Set(version, "DISABLED");

    public void Destroy(string version) => Set(version, "DESTROYED");

    public void Accept(string token) => _token = token;

    public void Hand(string token) => File.WriteAllText(TokenPath, token + "\n");

    public IRootKey Missing() => Open(Key + "2");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static ServedAnswer Refuse(int code, string status, string echo) =>
        ServedAnswer.Json(code, new { error = new { code, message = KeyServiceServer.Marker + echo, status } });

    private static string Name(int version) => string.Create(CultureInfo.InvariantCulture, $"{Key}/cryptoKeyVersions/{version}");

    private static string Crc(byte[] bytes) => Crc32C.Compute(bytes).ToString(CultureInfo.InvariantCulture);

    private GoogleKms Open(string key) => new(new GoogleKmsOptions(key) { Address = Server.Address }, new TokenFile(TokenPath), Server.Http, _time);

    private void Set(string version, string state)
    {
        int number = int.Parse(version, CultureInfo.InvariantCulture);
        _versions[number] = (_versions[number].Key, state);
    }

    private ServedAnswer Serve(ServedRequest request)
    {
        if (request.Headers.Authorization != "Bearer " + _token)
            return Refuse(401, "UNAUTHENTICATED", request.Text);
        string target = request.Target;
        if (!target.StartsWith("v1/" + Key, StringComparison.Ordinal) || (target.Length > Key.Length + 3 && target[Key.Length + 3] is not ('/' or ':')))
            return Refuse(404, "NOT_FOUND", request.Text);
        return (request.Method, target[(Key.Length + 3)..]) switch
        {
            ("GET", "") => KeyDocument(),
            ("POST", ":encrypt") => Encrypt(request),
            ("POST", ":decrypt") => Decrypt(request),
            ("POST", ":updatePrimaryVersion") => UpdatePrimary(int.Parse(request.String("cryptoKeyVersionId"), CultureInfo.InvariantCulture)),
            ("POST", "/cryptoKeyVersions") => Create(),
            ("GET", var path) => OfVersion(path, false),
            ("POST", var path) when path.EndsWith(":destroy", StringComparison.Ordinal) => OfVersion(path[..^8], true),
            _ => Refuse(404, "NOT_FOUND", request.Text),
        };
    }

    private ServedAnswer KeyDocument() => ServedAnswer.Ok(new
    {
        name = Key, purpose = "ENCRYPT_DECRYPT", primary = new { name = Name(_primary), state = _versions[_primary].State }, versionTemplate = new { protectionLevel = "SOFTWARE" },
    });

    private ServedAnswer Encrypt(ServedRequest request)
    {
        (byte[] plaintext, byte[] data) = (request.Base64("plaintext"), request.Base64("additionalAuthenticatedData"));
        if (request.String("plaintextCrc32c") != Crc(plaintext) || request.String("additionalAuthenticatedDataCrc32c") != Crc(data))
            return Refuse(400, "INVALID_ARGUMENT", request.Text);
        if (_versions[_primary].State != "ENABLED")
            return Refuse(400, "FAILED_PRECONDITION", request.Text);
        byte[] ciphertext = [(byte)_primary, .. _versions[_primary].Key.Encrypt(plaintext, data)];
        return ServedAnswer.Ok(new
        {
            name = Name(_primary), ciphertext = Convert.ToBase64String(ciphertext), ciphertextCrc32c = Crc(ciphertext), verifiedPlaintextCrc32c = true,
            verifiedAdditionalAuthenticatedDataCrc32c = true, protectionLevel = "SOFTWARE",
        });
    }

    private ServedAnswer Decrypt(ServedRequest request)
    {
        (byte[] ciphertext, byte[] data) = (request.Base64("ciphertext"), request.Base64("additionalAuthenticatedData"));
        if (request.String("ciphertextCrc32c") != Crc(ciphertext) || !_versions.TryGetValue(ciphertext[0], out (SealingKey Key, string State) version))
            return Refuse(400, "INVALID_ARGUMENT", request.Text);
        if (version.State != "ENABLED")
            return Refuse(400, "FAILED_PRECONDITION", request.Text);
        return version.Key.Decrypt(ciphertext.AsSpan(1), data) is { } plaintext
            ? ServedAnswer.Ok(new { plaintext = Convert.ToBase64String(plaintext), plaintextCrc32c = Crc(plaintext), usedPrimary = ciphertext[0] == _primary })
            : Refuse(400, "INVALID_ARGUMENT", request.Text);
    }

    private ServedAnswer Create()
    {
        int version = _versions.Keys.Max() + 1;
        _versions[version] = (new SealingKey(), "PENDING_GENERATION");
        return ServedAnswer.Ok(new { name = Name(version), state = "PENDING_GENERATION" });
    }

    private ServedAnswer UpdatePrimary(int version)
    {
        if (_versions[version].State != "ENABLED")
            return Refuse(400, "FAILED_PRECONDITION", "");
        _primary = version;
        return KeyDocument();
    }

    private ServedAnswer OfVersion(string path, bool destroy)
    {
        const string prefix = "/cryptoKeyVersions/";
        if (!path.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(path.AsSpan(prefix.Length), CultureInfo.InvariantCulture, out int number)
            || !_versions.TryGetValue(number, out (SealingKey Key, string State) version))
        {
            return Refuse(404, "NOT_FOUND", path);
        }
        if (destroy)
            _versions[number] = version = (version.Key, "DESTROY_SCHEDULED");
        object document = version.State == "DESTROY_SCHEDULED"
            ? new { name = Name(number), state = version.State, destroyTime = "2026-12-26T20:00:00.123456Z" }
            : new { name = Name(number), state = version.State };
        // Generated while it is asked for the first time.
        if (version.State == "PENDING_GENERATION")
            _versions[number] = (version.Key, "ENABLED");
        return ServedAnswer.Ok(document);
    }
}
