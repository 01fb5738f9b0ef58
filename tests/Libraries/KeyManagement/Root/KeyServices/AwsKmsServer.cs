using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>AWS KMS, JSON 1.1 (TrentService): symmetric keys behind one alias.</summary>
internal sealed class AwsKmsServer : IServedKey
{
    private const string Alias = "alias/opaline";
    private const string Account = "arn:aws:kms:eu-central-1:111122223333:key/";

    private readonly Dictionary<string, (SealingKey Key, string State, string Policy)> _keys = [];
    private readonly HandedCredentials _credentials = new();
    private string _target;
    private string _token = "session-1";

    private AwsKmsServer() => _target = Add("""{"Version":"2012-10-17"}""");

    public IRootKey Root { get; private set; } = null!;

    public KeyServiceServer Server { get; private set; } = null!;

    public static async Task<IServedKey> StartAsync(TimeProvider time)
    {
        AwsKmsServer service = new();
        service.Server = await KeyServiceServer.StartAsync(service.Serve);
        service.Hand(service._token);
        service.Root = service.Open(Alias);
        return service;
    }

    public void Disable(string version) => _keys[version] = _keys[version] with { State = "Disabled" };

    public void Destroy(string version) => _keys.Remove(version);

    public void Accept(string token) => _token = token;

    public void Hand(string token) => _credentials.Token = token;

    public IRootKey Missing() => Open("alias/another");

    public ValueTask DisposeAsync()
    {
        Root.Dispose();
        return Server.DisposeAsync();
    }

    private static ServedAnswer Refuse(string type, string echo) =>
        ServedAnswer.Json(400, new Dictionary<string, string> { ["__type"] = type, ["message"] = KeyServiceServer.Marker + echo });

    /// <summary>The pairs in one order, as the service binds them.</summary>
    private static byte[] Context(ServedRequest request) => request.Body.TryGetProperty("EncryptionContext", out JsonElement pairs)
        ? Encoding.UTF8.GetBytes(string.Join('\n', pairs.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value.GetString()}")))
        : [];

    private AwsKms Open(string alias) =>
        new(new AwsKmsOptions(alias) { Region = "eu-central-1", Address = Server.Address, Retries = 1 }, _credentials);

    private string Add(string policy)
    {
        string arn = Account + Guid.NewGuid();
        _keys[arn] = (new SealingKey(), "Enabled", policy);
        return arn;
    }

    private string? Resolve(string key)
    {
        string arn = key == Alias ? _target : key.StartsWith("arn:", StringComparison.Ordinal) ? key : Account + key;
        return _keys.ContainsKey(arn) ? arn : null;
    }

    private ServedAnswer Serve(ServedRequest request)
    {
        if (request.Headers["X-Amz-Security-Token"] != _token)
            return Refuse("ExpiredTokenException", request.Text);
        string operation = request.Headers["X-Amz-Target"].ToString().Replace("TrentService.", "", StringComparison.Ordinal);
        if (operation == "CreateKey")
            return ServedAnswer.Ok(new { KeyMetadata = Metadata(Add(request.String("Policy"))) });
        string named = request.String(operation == "UpdateAlias" ? "TargetKeyId" : "KeyId");
        if (Resolve(named) is not { } arn)
            return Refuse("NotFoundException", request.Text);
        return operation switch
        {
            "Encrypt" => Encrypt(request, arn),
            "Decrypt" => Decrypt(request, arn),
            "DescribeKey" => ServedAnswer.Ok(new { KeyMetadata = Metadata(arn) }),
            "GetKeyPolicy" => ServedAnswer.Ok(new { _keys[arn].Policy, PolicyName = "default" }),
            "UpdateAlias" => Point(arn),
            "ScheduleKeyDeletion" => Schedule(arn),
            _ => Refuse("UnknownOperationException", request.Text),
        };
    }

    private Dictionary<string, object> Metadata(string arn)
    {
        Dictionary<string, object> metadata = new()
        {
            ["AWSAccountId"] = "111122223333", ["Arn"] = arn, ["KeyId"] = arn[Account.Length..], ["KeyState"] = _keys[arn].State,
            ["Enabled"] = _keys[arn].State == "Enabled", ["KeySpec"] = "SYMMETRIC_DEFAULT", ["KeyUsage"] = "ENCRYPT_DECRYPT", ["CreationDate"] = 1_764_000_000.5,
        };
        if (_keys[arn].State == "PendingDeletion")
            metadata["DeletionDate"] = 1_766_000_000.0;
        return metadata;
    }

    private ServedAnswer? Unusable(ServedRequest request, string arn) => _keys[arn].State switch
    {
        "Enabled" => null,
        "Disabled" => Refuse("DisabledException", request.Text),
        _ => Refuse("KMSInvalidStateException", request.Text),
    };

    private ServedAnswer Encrypt(ServedRequest request, string arn)
    {
        if (Unusable(request, arn) is { } refusal)
            return refusal;
        byte[] name = Encoding.ASCII.GetBytes(arn);
        byte[] ciphertext = [.. name, .. _keys[arn].Key.Encrypt(request.Base64("Plaintext"), Context(request))];
        return ServedAnswer.Ok(new { CiphertextBlob = Convert.ToBase64String(ciphertext), KeyId = arn, EncryptionAlgorithm = "SYMMETRIC_DEFAULT" });
    }

    private ServedAnswer Decrypt(ServedRequest request, string arn)
    {
        byte[] ciphertext = request.Base64("CiphertextBlob");
        byte[] name = Encoding.ASCII.GetBytes(arn);
        if (!ciphertext.AsSpan().StartsWith(name))
            return Refuse(ciphertext.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Account)) ? "IncorrectKeyException" : "InvalidCiphertextException", request.Text);
        if (Unusable(request, arn) is { } refusal)
            return refusal;
        return _keys[arn].Key.Decrypt(ciphertext.AsSpan(name.Length), Context(request)) is { } plaintext
            ? ServedAnswer.Ok(new { KeyId = arn, Plaintext = Convert.ToBase64String(plaintext), EncryptionAlgorithm = "SYMMETRIC_DEFAULT" })
            : Refuse("InvalidCiphertextException", request.Text);
    }

    private ServedAnswer Point(string arn)
    {
        _target = arn;
        return ServedAnswer.Ok(new { });
    }

    private ServedAnswer Schedule(string arn)
    {
        if (_keys[arn].State == "PendingDeletion")
            return Refuse("KMSInvalidStateException", arn);
        _keys[arn] = _keys[arn] with { State = "PendingDeletion" };
        return ServedAnswer.Ok(new { KeyId = arn, DeletionDate = 1_766_000_000.0, KeyState = "PendingDeletion", PendingWindowInDays = 7 });
    }

    private sealed class HandedCredentials : AWSCredentials
    {
        public string Token { get; set; } = "";

        public override ImmutableCredentials GetCredentials() => new("AKIDEXAMPLE", "secret-access-key", Token);
    }
}
