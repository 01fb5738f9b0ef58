using System.Net;
using System.Text;
using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>Whatever a key service answers, a provider throws its one error or answers, and ends.</summary>
public sealed class KeyServiceFuzzTests : IDisposable
{
    private const string GoogleKey = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    private static readonly KeyContext Acme = new("tenant-keys", "acme", 1);

    /// <summary>Sound answers, which are damaged.</summary>
    private static readonly string[] s_answers =
    [
        $$$"""{"name":"{{{GoogleKey}}}/cryptoKeyVersions/1","ciphertext":"QUJD","ciphertextCrc32c":"1","verifiedPlaintextCrc32c":true,"verifiedAdditionalAuthenticatedDataCrc32c":true}""",
        """{"plaintext":"QUJD","plaintextCrc32c":"2821953579","usedPrimary":true}""",
        $$$"""{"name":"{{{GoogleKey}}}","primary":{"name":"{{{GoogleKey}}}/cryptoKeyVersions/1","state":"ENABLED"}}""",
        """{"error":{"code":400,"status":"FAILED_PRECONDITION","message":"m"}}""",
        """{"kid":"https://v/keys/k/0123456789abcdef","value":"QUJD"}""",
        """{"key":{"kid":"https://v/keys/k/0123456789abcdef"},"attributes":{"enabled":true}}""",
        """{"error":{"code":"Forbidden","innererror":{"code":"KeyDisabled"}}}""",
        """{"data":{"ciphertext":"vault:v1:QUJD","key_version":1}}""",
        """{"data":{"plaintext":"QUJD"}}""",
        """{"data":{"latest_version":1,"min_available_version":0,"min_decryption_version":1}}""",
        """{"errors":["e"]}""",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_the_typed_error_comes_out()
    {
        string token = _folder.File("token");
        File.WriteAllText(token, "t");
        TokenFile tokens = new(token);
        Gen<byte[]> answer = Gen.Select(Gen.OneOf(s_answers), Gen.Int[0, 200], Gen.Byte.Array[0, 2], Gen.Int[0, 4]).Select((text, at, junk, cut) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            int place = at % bytes.Length;
            return at < 100 ? bytes : (byte[])[.. bytes[..place], .. junk, .. bytes[Math.Min(bytes.Length, place + cut)..]];
        });
        Gen.Select(answer.Array[4], Gen.OneOf(200, 200, 200, 204, 400, 401, 403, 404, 418, 301), Gen.Int[0, 2], Gen.Int[0, 4]).Sample(
            (answers, status, provider, call) =>
            {
                using HttpClient http = new(new Scripted(answers, status));
                using IRootKey root = provider switch
                {
                    0 => new GoogleKms(new GoogleKmsOptions(GoogleKey), tokens, http, new ImpatientTime()),
                    1 => new AzureKeyVault(new AzureKeyVaultOptions(new Uri("https://v/"), "k"), tokens, http, new ImpatientTime()),
                    _ => new VaultTransit(new VaultTransitOptions(new Uri("https://v/"), "k"), tokens, http, new ImpatientTime()),
                };
                KeyServiceAnswerTests.Typed(() => Call(root, call).GetAwaiter().GetResult());
            },
            iter: LongRuns.Times(3_000, 50),
            threads: 1);
    }

    private static async Task Call(IRootKey root, int call)
    {
        string version = root is AzureKeyVault ? "0123456789abcdef" : "1";
        switch (call)
        {
            case 0:
                using (SecretBytes secret = SecretBytes.Random(32))
                    await root.WrapAsync(secret, Acme, CancellationToken.None);
                break;
            case 1:
                byte[] wrapped = root is VaultTransit ? "vault:v1:QUJD"u8.ToArray() : [0, 3, .. new byte[40]];
                (await root.UnwrapAsync(new WrappedKey(root.KeyId, version, wrapped), Acme, CancellationToken.None)).Dispose();
                break;
            case 2:
                await root.StateAsync(null, CancellationToken.None);
                break;
            case 3:
                await root.ScheduleDestroyAsync(root is AzureKeyVault ? "fedcba9876543210" : "2", CancellationToken.None);
                break;
            default:
                await root.RotateAsync(CancellationToken.None);
                break;
        }
    }

    private sealed class Scripted(byte[][] answers, int status) : HttpMessageHandler
    {
        private int _asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage((HttpStatusCode)(_asked == 0 ? status : 200)) { Content = new ByteArrayContent(answers[_asked++ % answers.Length]) });
    }
}
