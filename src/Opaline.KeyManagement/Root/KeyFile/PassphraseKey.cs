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

    public static SecretBytes Derive(SecretBytes passphrase, ReadOnlySpan<byte> salt, int memoryKiB, int passes)
    {
        Argon2id algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memoryKiB, NumberOfPasses = passes });
        return SecretBytes.Create(
            SealedBox.KeySize, salt, (bytes, saltOfFile) => algorithm.DeriveBytes(passphrase.Expose(), saltOfFile, bytes));
    }

    /// <summary>Whether a file's cost is one that a version of this code may have written: a forged one must not exhaust the memory.</summary>
    public static bool IsReasonable(int memoryKiB, int passes) => memoryKiB is >= 8_192 and <= 4_194_304 && passes is >= 1 and <= 64;

    public static SecretBytes ReadPassphrase(string path)
    {
        SecretBytes passphrase = SecretFile.Read(path, "The passphrase file");
        if (Encoding.UTF8.GetCharCount(passphrase.Expose()) >= MinimumLength)
            return passphrase;
        passphrase.Dispose();
        throw new KeyUnavailableException(
            KeyFailure.Configuration, $"The passphrase in '{path}' is too short: it needs at least {MinimumLength} characters.");
    }
}
