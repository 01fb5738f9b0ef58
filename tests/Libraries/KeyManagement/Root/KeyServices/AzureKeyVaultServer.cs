using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>Azure Key Vault, keys 7.4: get, rotate, update, wrapkey and unwrapkey of one RSA key.</summary>
internal sealed class AzureKeyVaultServer : IServedKey
{
    private const string Key = "opaline-root";

    /// <summary>Keys take long to make, and no test asks for more versions.</summary>
    private static readonly RSA[] s_keys = [RSA.Create(2048), RSA.Create(2048)];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (RSA Key, bool Enabled)> _versions = [];
    private readonly List<string> _order = [];
    private readonly TimeProvider _time;
    private string _token = "token-1";

    private AzureKeyVaultServer(TimeProvider time)
    {
        _time = time;
        Add();
    }

    public IRootKey Root { get; private set; } = null!;

    public KeyServiceServer Server { get; private set; } = null!;

    private string TokenPath => Path.Combine(_folder.Path, "token");

    public static async Task<IServedKey> StartAsync(TimeProvider time)
    {
        AzureKeyVaultServer service = new(time);
        service.Server = await KeyServiceServer.StartAsync(service.Serve);
        service.Hand(service._token);
        service.Root = service.Open(Key);
        return service;
    }

    public void Disable(string version) => _versions[version] = (_versions[version].Key, false);

    public void Destroy(string version)
    {
        _versions.Remove(version);
        _order.Remove(version);
    }

    public void Accept(string token) => _token = token;

    public void Hand(string token) => File.WriteAllText(TokenPath, token + "\n");

    public IRootKey Missing() => Open("another");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static ServedAnswer Refuse(int status, string code, string echo, string? inner = null) => ServedAnswer.Json(
        status, new { error = new { code, message = KeyServiceServer.Marker + echo, innererror = inner is null ? null : new { code = inner } } });

    private static byte[] FromUrl(string text) => Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(text));

    private static string ToUrl(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private AzureKeyVault Open(string key) => new(new AzureKeyVaultOptions(Server.Address, key), new TokenFile(TokenPath), Server.Http, _time);

    private void Add()
    {
        string version = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _versions[version] = (s_keys[_versions.Count], true);
        _order.Add(version);
    }

    private string Kid(string version) => $"{Server.Address}keys/{Key}/{version}";

    private ServedAnswer Bundle(string version)
    {
        RSAParameters key = _versions[version].Key.ExportParameters(false);
        return ServedAnswer.Ok(new
        {
            key = new { kid = Kid(version), kty = "RSA", key_ops = (string[])["wrapKey", "unwrapKey"], n = ToUrl(key.Modulus!), e = ToUrl(key.Exponent!) },
            attributes = new { enabled = _versions[version].Enabled, created = 1_700_000_000, updated = 1_700_000_000, recoveryLevel = "Recoverable+Purgeable" },
        });
    }

    private ServedAnswer Serve(ServedRequest request)
    {
        if (request.Headers.Authorization != "Bearer " + _token)
            return Refuse(401, "Unauthorized", request.Text);
        string[] halves = request.Target.Split('?');
        string[] path = halves[0].Split('/');
        if (halves[^1] != "api-version=7.4" || path[0] != "keys")
            return Refuse(400, "BadParameter", request.Text);
        if (path[1] != Key)
            return Refuse(404, "KeyNotFound", request.Text);
        if (path.Length == 2)
            return Bundle(_order[^1]);
        if (path is [_, _, "rotate"])
        {
            Add();
            return Bundle(_order[^1]);
        }
        if (!_versions.TryGetValue(path[2], out (RSA Key, bool Enabled) version))
            return Refuse(404, "KeyNotFound", request.Text);
        if (request.Method == "PATCH")
        {
            _versions[path[2]] = (version.Key, request.Body.GetProperty("attributes").GetProperty("enabled").GetBoolean());
            return Bundle(path[2]);
        }
        return path.Length == 3 ? Bundle(path[2]) : Operate(request, path[2], path[3], version.Key, version.Enabled);
    }

    private ServedAnswer Operate(ServedRequest request, string version, string operation, RSA key, bool enabled)
    {
        if (!enabled)
            return Refuse(403, "Forbidden", request.Text, "KeyDisabled");
        if (request.String("alg") != "RSA-OAEP-256")
            return Refuse(400, "BadParameter", request.Text);
        byte[] value = FromUrl(request.String("value"));
        try
        {
            byte[] result = operation == "wrapkey" ? key.Encrypt(value, RSAEncryptionPadding.OaepSHA256) : key.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
            return ServedAnswer.Ok(new { kid = Kid(version), value = ToUrl(result) });
        }
        catch (CryptographicException)
        {
            return Refuse(400, "BadParameter", request.Text);
        }
    }
}
