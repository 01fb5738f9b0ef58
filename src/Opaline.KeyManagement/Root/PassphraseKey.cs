using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>A key from a passphrase: Argon2id (RFC 9106), 64 MiB and 4 passes, about a fifth of a second.</summary>
internal static class PassphraseKey
{
    public const int SaltSize = 16;
    public const int MemoryKiB = 65_536;
    public const int Passes = 4;

    private const int MinimumLength = 12;

    public static byte[] Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int memoryKiB, int passes)
    {
        Argon2id algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memoryKiB, NumberOfPasses = passes });
        return algorithm.DeriveBytes(passphrase, salt, SealedBox.KeySize);
    }

    /// <summary>Whether a file's cost is one that a version of this code may have written: a forged one must not exhaust the memory.</summary>
    public static bool IsReasonable(int memoryKiB, int passes) => memoryKiB is >= 8_192 and <= 4_194_304 && passes is >= 1 and <= 64;

    public static byte[] ReadPassphrase(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException($"The passphrase file '{path}' cannot be read.", e);
        }
        ReadOnlySpan<byte> passphrase = content.AsSpan().TrimEnd("\r\n"u8);
        byte[] exact = passphrase.ToArray();
        CryptographicOperations.ZeroMemory(content);
        if (Encoding.UTF8.GetCharCount(exact) < MinimumLength)
        {
            CryptographicOperations.ZeroMemory(exact);
            throw new KeyUnavailableException($"The passphrase in '{path}' is too short: it needs at least {MinimumLength} characters.");
        }
        return exact;
    }
}
