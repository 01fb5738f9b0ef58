using System.Globalization;
using System.Text.Json;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>The transit engine of Vault: encrypt, decrypt, rotate, config, trim and read of one aes256-gcm96 key.</summary>
internal sealed class VaultTransitServer : IServedKey
{
    private readonly TemporaryFolder _folder = new();
    private readonly SortedDictionary<int, SealingKey> _versions = new() { [1] = new SealingKey() };
    private readonly TimeProvider _time;
    private int _minDecryption = 1;
    private int _minEncryption;
    private int _minAvailable;
    private string _token = "hvs.token-1";

    private VaultTransitServer(TimeProvider time) => _time = time;

    public IRootKey Root { get; private set; } = null!;

    public KeyServiceServer Server { get; private set; } = null!;

    /// <summary>The file with the client's token.</summary>
    public string TokenPath => Path.Combine(_folder.Path, "token");

    private int Latest => _versions.Keys.Max();

    public static async Task<IServedKey> StartAsync(TimeProvider time)
    {
        VaultTransitServer service = new(time);
        service.Server = await KeyServiceServer.StartAsync(service.Serve);
        service.Hand(service._token);
        service.Root = service.Open("opaline");
        return service;
    }

    public void Disable(string version) => _minDecryption = int.Parse(version, CultureInfo.InvariantCulture) + 1;

    public void Destroy(string version)
    {
        Disable(version);
        _minAvailable = _minDecryption;
        foreach (int old in _versions.Keys.Where(v => v < _minAvailable).ToArray())
            _versions.Remove(old);
    }

    public void Accept(string token) => _token = token;

    public void Hand(string token) => File.WriteAllText(TokenPath, token + "\n");

    public IRootKey Missing() => Open("other");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static ServedAnswer Refuse(int status, string echo) => ServedAnswer.Json(status, new { errors = (string[])[KeyServiceServer.Marker + echo] });

    private VaultTransit Open(string key) =>
        new(new VaultTransitOptions(Server.Address, key) { Mount = "opaline/transit" }, new TokenFile(TokenPath), Server.Http, _time);

    private ServedAnswer Serve(ServedRequest request)
    {
        if (request.Headers["X-Vault-Token"] != _token)
            return Refuse(403, request.Text);
        const string mount = "v1/opaline/transit/";
        if (!request.Target.StartsWith(mount, StringComparison.Ordinal))
            return Refuse(404, request.Text);
        return (request.Method, request.Target[mount.Length..]) switch
        {
            ("POST", "encrypt/opaline") => Encrypt(request),
            ("POST", "decrypt/opaline") => Decrypt(request),
            ("GET", "keys/opaline") => KeyDocument(),
            ("POST", "keys/opaline/rotate") => Rotate(),
            ("POST", "keys/opaline/config") => Config(request.Body),
            ("POST", "keys/opaline/trim") => Trim(request.Body.GetProperty("min_available_version").GetInt32()),
            _ => Refuse(404, request.Text),
        };
    }

    private ServedAnswer Encrypt(ServedRequest request)
    {
        byte[] ciphertext = _versions[Latest].Encrypt(request.Base64("plaintext"), request.Base64("associated_data"));
        return ServedAnswer.Ok(new
        {
            request_id = "r", lease_id = "", renewable = false, lease_duration = 0,
            data = new { ciphertext = $"vault:v{Latest}:{Convert.ToBase64String(ciphertext)}", key_version = Latest }, warnings = (string?)null,
        });
    }

    private ServedAnswer Decrypt(ServedRequest request)
    {
        string[] parts = request.String("ciphertext").Split(':');
        int version = int.Parse(parts[1].AsSpan(1), CultureInfo.InvariantCulture);
        if (version < _minDecryption || !_versions.TryGetValue(version, out SealingKey? key)
            || key.Decrypt(Convert.FromBase64String(parts[2]), request.Base64("associated_data")) is not { } plaintext)
        {
            return Refuse(400, request.Text);
        }
        return ServedAnswer.Ok(new { data = new { plaintext = Convert.ToBase64String(plaintext) } });
    }

    private ServedAnswer KeyDocument() => ServedAnswer.Ok(new
    {
        data = new
        {
            type = "aes256-gcm96", deletion_allowed = false, derived = false, exportable = false,
            keys = _versions.Keys.ToDictionary(v => v.ToString(CultureInfo.InvariantCulture), v => 1_700_000_000 + v),
            latest_version = Latest, min_available_version = _minAvailable, min_decryption_version = _minDecryption, min_encryption_version = _minEncryption,
            name = "opaline", supports_decryption = true, supports_encryption = true,
        },
    });

    private ServedAnswer Rotate()
    {
        _versions[Latest + 1] = new SealingKey();
        return new ServedAnswer(204, []);
    }

    private ServedAnswer Config(JsonElement body)
    {
        (int decryption, int encryption) = (body.GetProperty("min_decryption_version").GetInt32(), body.GetProperty("min_encryption_version").GetInt32());
        if (decryption > Latest || encryption > Latest || (encryption > 0 && encryption < decryption))
            return Refuse(400, "");
        (_minDecryption, _minEncryption) = (decryption, encryption);
        return new ServedAnswer(204, []);
    }

    private ServedAnswer Trim(int available)
    {
        // As the engine has it: only below both minimums, and both must be set.
        if (_minEncryption == 0 || available > _minDecryption || available > _minEncryption || available < _minAvailable)
            return Refuse(400, "");
        _minAvailable = available;
        foreach (int old in _versions.Keys.Where(v => v < available).ToArray())
            _versions.Remove(old);
        return new ServedAnswer(204, []);
    }
}
