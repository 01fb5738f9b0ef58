using Opaline.Governance;
using Opaline.KeyManagement;
using Opaline.Server.Authentication;
using Opaline.Server.Configuration;

namespace Opaline.Server.Keys;

/// <summary>The root key, and what the server itself keeps under it. Opened before anything else is made, since a key service is asked for it.</summary>
internal sealed class ServerKeys : IDisposable
{
    private const string EventsFile = "events.key";
    private const string EventsPurpose = "opaline/v1/event-store-file/aes-256";
    private const string ReceiptsFile = "receipt.key";
    private const string ReceiptsPurpose = "opaline/v1/erasure-receipt-key/es256";

    private readonly string _folder;
    private readonly SemaphoreSlim _rewrapping = new(1);

    private ServerKeys(string folder, IRootKey root, SigningKey signing, ReceiptKey receipts, SecretBytes? events)
    {
        _folder = folder;
        Root = root;
        Signing = signing;
        Receipts = receipts;
        Events = events;
    }

    public IRootKey Root { get; }

    public SigningKey Signing { get; }

    public ReceiptKey Receipts { get; }

    /// <summary>The key of DuckDB's file, where that is to be encrypted.</summary>
    public SecretBytes? Events { get; }

    /// <summary>What the operator should know about how the root key is kept, or null.</summary>
    public string? Warning => (Root as RootKeyFile)?.Warning;

    /// <exception cref="KeyUnavailableException">A key cannot be opened.</exception>
    public static async Task<ServerKeys> OpenAsync(OpalineOptions options, Reach reach, string? passphraseFile, CancellationToken cancellationToken)
    {
        string folder = options.Keys.Folder;
        DurableFile.CreateFolder(folder);
        IRootKey root = RootKeySource.Open(options.Keys, reach, passphraseFile, TimeProvider.System);
        try
        {
            SecretBytes? events = options.Storage.EncryptEvents
                ? await SealedFile.OpenAsync(
                    root, Path.Combine(folder, EventsFile), EventsPurpose, static () => SecretBytes.Random(SealedBox.KeySize), cancellationToken)
                : null;
            SigningKey signing = await SigningKey.OpenAsync(root, folder, cancellationToken);
            using SecretBytes receipts = await SealedFile.OpenAsync(
                root, Path.Combine(folder, ReceiptsFile), ReceiptsPurpose, static () => SecretBytes.TakeFrom(ReceiptKey.Create()), cancellationToken);
            return new ServerKeys(folder, root, signing, new ReceiptKey(receipts.Expose()), events);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>Wraps what lies in the key folder under the newest version of the root key, so that the older one can be destroyed.</summary>
    /// <exception cref="KeyUnavailableException">The root key cannot be asked, or a file is damaged.</exception>
    public async Task RewrapAsync(CancellationToken cancellationToken)
    {
        await _rewrapping.WaitAsync(cancellationToken);
        try
        {
            foreach ((string file, string purpose) in ((string, string)[])[(EventsFile, EventsPurpose), (SigningKey.FileName, SigningKey.Purpose), (ReceiptsFile, ReceiptsPurpose)])
            {
                string path = Path.Combine(_folder, file);
                if (File.Exists(path))
                    (await SealedFile.OpenAsync(Root, path, purpose, static () => throw new InvalidOperationException("The file is there."), cancellationToken)).Dispose();
            }
        }
        finally
        {
            _rewrapping.Release();
        }
    }

    public void Dispose()
    {
        Signing.Dispose();
        Receipts.Dispose();
        Events?.Dispose();
        Root.Dispose();
        _rewrapping.Dispose();
    }
}
