using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>
/// The bytes of a key file. Clear: <c>"OPLR" 2 0 ‖ content ‖ check</c>. Sealed: <c>"OPLR" 2 1 ‖ salt ‖ memory KiB ‖ passes ‖ box</c>, the box under Argon2id of the
/// passphrase with everything before it as associated data.
/// </summary>
internal static class RootKeyFileFormat
{
    private const int HeaderSize = 6;
    private const int CheckSize = 8;
    private const int SealedPrefix = HeaderSize + PassphraseKey.SaltSize + 8;

    private static readonly byte[] ClearHeader = [.. "OPLR"u8, 2, 0];
    private static readonly byte[] SealedHeader = [.. "OPLR"u8, 2, 1];

    public static bool IsSealed(ReadOnlySpan<byte> file) => file.StartsWith(SealedHeader);

    /// <summary>The file's bytes, in a pinned buffer that the caller zeroes.</summary>
    public static byte[] WriteClear(RootKeyFileContent content)
    {
        byte[] file = GC.AllocateArray<byte>(HeaderSize + content.Size + CheckSize, pinned: true);
        ClearHeader.CopyTo(file, 0);
        content.WriteTo(file.AsSpan(HeaderSize, content.Size));
        Check(file.AsSpan(0, HeaderSize + content.Size)).CopyTo(file, HeaderSize + content.Size);
        return file;
    }

    /// <exception cref="KeyUnavailableException">It is damaged.</exception>
    public static RootKeyFileContent ReadClear(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize + CheckSize || !file.StartsWith(ClearHeader)
            || !CryptographicOperations.FixedTimeEquals(Check(file[..^CheckSize]), file[^CheckSize..]))
        {
            throw Damaged();
        }
        return RootKeyFileContent.Parse(file[HeaderSize..^CheckSize]);
    }

    public static byte[] WriteSealed(RootKeyFileContent content, SecretBytes passphrase)
    {
        byte[] prefix = new byte[SealedPrefix];
        SealedHeader.CopyTo(prefix, 0);
        RandomNumberGenerator.Fill(prefix.AsSpan(HeaderSize, PassphraseKey.SaltSize));
        Span<byte> cost = prefix.AsSpan(HeaderSize + PassphraseKey.SaltSize);
        BinaryPrimitives.WriteInt32BigEndian(cost, PassphraseKey.MemoryKiB);
        BinaryPrimitives.WriteInt32BigEndian(cost[4..], PassphraseKey.Passes);
        using SecretBytes key = Derive(prefix, passphrase, PassphraseKey.MemoryKiB, PassphraseKey.Passes);
        using SecretBytes clear = SecretBytes.Create(content.Size, content, static (bytes, from) => from.WriteTo(bytes));
        return [.. prefix, .. SealedBox.Seal(key.Expose(), clear.Expose(), prefix)];
    }

    /// <exception cref="KeyUnavailableException">The passphrase is another one, or the file is damaged.</exception>
    public static RootKeyFileContent ReadSealed(ReadOnlySpan<byte> file, SecretBytes passphrase)
    {
        if (file.Length <= SealedPrefix + SealedBox.Overhead || !IsSealed(file))
            throw Damaged();
        ReadOnlySpan<byte> prefix = file[..SealedPrefix];
        int memory = BinaryPrimitives.ReadInt32BigEndian(prefix[(HeaderSize + PassphraseKey.SaltSize)..]);
        int passes = BinaryPrimitives.ReadInt32BigEndian(prefix[(HeaderSize + PassphraseKey.SaltSize + 4)..]);
        if (!PassphraseKey.IsReasonable(memory, passes))
            throw Damaged();
        using SecretBytes key = Derive(prefix, passphrase, memory, passes);
        Span<byte> clear = GC.AllocateArray<byte>(file.Length - SealedPrefix - SealedBox.Overhead, pinned: true);
        try
        {
            SealedBox.Open(key.Expose(), file[SealedPrefix..], prefix, clear);
            return RootKeyFileContent.Parse(clear);
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "The passphrase does not open the key file: it is another one, or the file is damaged.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static SecretBytes Derive(ReadOnlySpan<byte> prefix, SecretBytes passphrase, int memory, int passes) =>
        PassphraseKey.Derive(passphrase, prefix.Slice(HeaderSize, PassphraseKey.SaltSize), memory, passes);

    /// <summary>Finds damage; tells nothing of random keys that the file does not tell anyway.</summary>
    private static byte[] Check(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..CheckSize];

    private static KeyUnavailableException Damaged() => new(
        KeyFailure.Malformed,
        "The key file is damaged or of another version: restore it from its copy. Never replace it by a new one: the data could not be opened any more.");
}
