using System.Security.Cryptography;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>A key inside a key service: wraps with AES-256-GCM, as the real ones do.</summary>
internal sealed class SealingKey
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public byte[] Encrypt(byte[] plaintext, byte[] associatedData)
    {
        byte[] sealed_ = new byte[28 + plaintext.Length];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, 12));
        using AesGcm aes = new(_key, 16);
        aes.Encrypt(sealed_.AsSpan(0, 12), plaintext, sealed_.AsSpan(28), sealed_.AsSpan(12, 16), associatedData);
        return sealed_;
    }

    /// <summary>Null if it does not open.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> ciphertext, byte[] associatedData)
    {
        if (ciphertext.Length < 28)
            return null;
        byte[] plaintext = new byte[ciphertext.Length - 28];
        using AesGcm aes = new(_key, 16);
        try
        {
            aes.Decrypt(ciphertext[..12], ciphertext[28..], ciphertext.Slice(12, 16), plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
