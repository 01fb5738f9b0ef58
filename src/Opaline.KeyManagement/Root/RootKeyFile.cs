using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// The file <c>root.key</c>. Clear: <c>"OPLR" 1 0 ‖ key ‖ check</c>. Sealed: <c>"OPLR" 1 1 ‖ salt ‖ memory KiB ‖ passes ‖ box</c>, the box under
/// Argon2id of the passphrase with everything before it as associated data.
/// </summary>
internal static class RootKeyFile
{
    public const string Name = "root.key";

    private const int HeaderSize = 6;
    private const int CheckSize = 8;
    private const int ClearSize = HeaderSize + SealedBox.KeySize + CheckSize;
    private const int SealedPrefix = HeaderSize + PassphraseKey.SaltSize + 8;
    private const int SealedSize = SealedPrefix + SealedBox.Overhead + SealedBox.KeySize;

    private static readonly byte[] ClearHeader = [.. "OPLR"u8, 1, 0];
    private static readonly byte[] SealedHeader = [.. "OPLR"u8, 1, 1];

    public static RootKey Open(KeyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = Path.Combine(options.Folder, Name);
        if (options.PassphraseFile is null && !options.LoopbackOnly)
        {
            throw new KeyUnavailableException(
                "Outside loopback the root key must be sealed: write a passphrase to a file and name it in OPALINE_KEY_PASSPHRASE_FILE.");
        }
        try
        {
            DurableFile.CreateFolder(options.Folder);
            byte[]? content = File.Exists(path) ? File.ReadAllBytes(path) : null;
            try
            {
                return options.PassphraseFile is null ? OpenClear(path, content) : OpenSealed(path, content, options.PassphraseFile);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException($"The root key in '{options.Folder}' cannot be read or written: check the folder's owner and rights.", e);
        }
    }

    private static RootKey OpenClear(string path, byte[]? content)
    {
        string warning = $"The root key lies unsealed in '{path}': whoever reads it and the data opens everything. "
            + "Name a passphrase file in OPALINE_KEY_PASSPHRASE_FILE to have it sealed.";
        byte[] key = NewKeyBuffer();
        try
        {
            if (content is null)
            {
                RandomNumberGenerator.Fill(key);
                byte[] fresh = [.. ClearHeader, .. key, .. Check(key)];
                DurableFile.Write(path, fresh);
                CryptographicOperations.ZeroMemory(fresh);
            }
            else if (content.AsSpan().StartsWith(SealedHeader))
            {
                throw new KeyUnavailableException($"'{path}' is sealed: name the file with its passphrase in OPALINE_KEY_PASSPHRASE_FILE.");
            }
            else
            {
                RefuseIfOthersMayRead(path);
                ReadClear(path, content, key);
            }
            return new RootKey(key, warning);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static RootKey OpenSealed(string path, byte[]? content, string passphraseFile)
    {
        byte[] passphrase = PassphraseKey.ReadPassphrase(passphraseFile);
        byte[] key = NewKeyBuffer();
        try
        {
            if (content is not null && content.AsSpan().StartsWith(SealedHeader))
            {
                UnsealTo(key, path, content, passphrase);
                return new RootKey(key, null);
            }
            if (content is null)
                RandomNumberGenerator.Fill(key);
            else
                ReadClear(path, content, key);
            DurableFile.Write(path, SealKey(key, passphrase));
            return new RootKey(key, content is null
                ? null
                : $"'{path}' held the root key unsealed and has now been sealed. Destroy older copies of the file.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private static byte[] SealKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> passphrase)
    {
        byte[] prefix = new byte[SealedPrefix];
        SealedHeader.CopyTo(prefix, 0);
        RandomNumberGenerator.Fill(prefix.AsSpan(HeaderSize, PassphraseKey.SaltSize));
        Span<byte> cost = prefix.AsSpan(HeaderSize + PassphraseKey.SaltSize);
        BinaryPrimitives.WriteInt32BigEndian(cost, PassphraseKey.MemoryKiB);
        BinaryPrimitives.WriteInt32BigEndian(cost[4..], PassphraseKey.Passes);
        byte[] sealing = PassphraseKey.Derive(passphrase, prefix.AsSpan(HeaderSize, PassphraseKey.SaltSize), PassphraseKey.MemoryKiB, PassphraseKey.Passes);
        try
        {
            return [.. prefix, .. SealedBox.Seal(sealing, key, prefix)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealing);
        }
    }

    private static void UnsealTo(Span<byte> key, string path, byte[] content, ReadOnlySpan<byte> passphrase)
    {
        if (content.Length != SealedSize)
            throw Damaged(path);
        ReadOnlySpan<byte> prefix = content.AsSpan(0, SealedPrefix);
        int memory = BinaryPrimitives.ReadInt32BigEndian(prefix[(HeaderSize + PassphraseKey.SaltSize)..]);
        int passes = BinaryPrimitives.ReadInt32BigEndian(prefix[(HeaderSize + PassphraseKey.SaltSize + 4)..]);
        if (!PassphraseKey.IsReasonable(memory, passes))
            throw Damaged(path);
        byte[] sealing = PassphraseKey.Derive(passphrase, prefix.Slice(HeaderSize, PassphraseKey.SaltSize), memory, passes);
        try
        {
            byte[] opened = SealedBox.Open(sealing, content.AsSpan(SealedPrefix), prefix);
            opened.CopyTo(key);
            CryptographicOperations.ZeroMemory(opened);
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException($"The passphrase does not open '{path}': it is another one, or the file is damaged.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealing);
        }
    }

    private static void ReadClear(string path, byte[] content, Span<byte> key)
    {
        if (content.Length != ClearSize || !content.AsSpan().StartsWith(ClearHeader))
            throw Damaged(path);
        content.AsSpan(HeaderSize, SealedBox.KeySize).CopyTo(key);
        if (!CryptographicOperations.FixedTimeEquals(Check(key), content.AsSpan(HeaderSize + SealedBox.KeySize)))
            throw Damaged(path);
    }

    private static void RefuseIfOthersMayRead(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0)
            throw new KeyUnavailableException($"'{path}' may be read by others: run 'chmod 600' on it, and think about who read it meanwhile.");
    }

    /// <summary>Finds damage; tells nothing of a random key that the file does not tell anyway.</summary>
    private static byte[] Check(ReadOnlySpan<byte> key) =>
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes("opaline/v1/root-key/check"))[..CheckSize];

    private static byte[] NewKeyBuffer() => GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);

    private static KeyUnavailableException Damaged(string path) =>
        new($"'{path}' is damaged or of another version: restore it from its copy. Never replace it by a new one: the data could not be opened any more.");
}
