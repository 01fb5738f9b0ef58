using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Server.Configuration;
using Opaline.Server.Problems;

namespace Opaline.Server.Authentication;

/// <summary>
/// The first clients of an empty store. Bound to loopback, their credentials are written to the key folder. Elsewhere only a code is
/// written there, and <c>POST /api/v1/init</c> gives the credentials out once to whoever shows it.
/// </summary>
internal sealed partial class FirstStart(OpalineOptions options, Reach reach, IServiceScopeFactory scopes, ILogger<FirstStart> logger)
{
    public const string CredentialsFile = "credentials.json";
    public const string CodeFile = "init.code";

    private const int CodeBytes = 16;

    private static readonly JsonSerializerOptions Readable = new(OpalineJson.Options) { WriteIndented = true };

    /// <summary>Where the first credentials are written on loopback.</summary>
    public string CredentialsPath => PathOf(CredentialsFile);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        ClientStore clients = scope.ServiceProvider.GetRequiredService<ClientStore>();
        if (!await clients.IsEmptyAsync(cancellationToken))
            return;
        if (reach.LoopbackOnly)
        {
            string path = PathOf(CredentialsFile);
            // A file without clients was left by a first start that broke off, or by another store: its secrets open nothing here.
            await clients.CreateFirstAsync(credentials => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(credentials, Readable)), cancellationToken);
            Written(logger, path);
        }
        else
        {
            string path = PathOf(CodeFile);
            if (!File.Exists(path))
                DurableFile.Create(path, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes))));
            Waiting(logger, path);
        }
    }

    /// <summary>Makes the first clients for whoever knows the code; null if there are clients already.</summary>
    public async Task<IReadOnlyList<CredentialDocument>?> RedeemAsync(string code, CancellationToken cancellationToken)
    {
        string path = PathOf(CodeFile);
        if (!File.Exists(path))
            return null;
        byte[] expected = await File.ReadAllBytesAsync(path, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(code ?? "")))
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, ProblemCodes.WrongInitCode, "Send the content of keys/init.code on the server's machine.", "code");
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        IReadOnlyList<CredentialDocument>? credentials =
            await scope.ServiceProvider.GetRequiredService<ClientStore>().CreateFirstAsync(static _ => { }, cancellationToken);
        File.Delete(path);
        return credentials;
    }

    private string PathOf(string file) => Path.Combine(options.Keys.Folder, file);

    [LoggerMessage(Level = LogLevel.Information, Message = "First start: one client per role was made. Their credentials are in {Path}.")]
    private static partial void Written(ILogger logger, string path);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "There is no client yet, and the server listens beyond loopback. Send the content of {Path} to POST /api/v1/init once, over TLS, to get the credentials.")]
    private static partial void Waiting(ILogger logger, string path);
}
