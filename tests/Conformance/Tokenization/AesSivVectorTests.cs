using System.Security.Cryptography;
using System.Text.Json;
using Opaline.Tokenization;

namespace Opaline.Conformance.Tests.Tokenization;

/// <summary>
/// C2SP/wycheproof: AES-SIV with one part of associated data (in 2026, 442 tests, 118 valid) and with two (900 tests, 252 valid).
/// </summary>
public class AesSivVectorTests
{
    [Fact]
    public void Deterministic_vectors_encrypt_and_decrypt_as_they_say()
    {
        int valid = 0;
        foreach ((_, JsonElement test) in Vectors.Files("aead", "aes_siv*.json").SelectMany(Vectors.Wycheproof))
            valid += Check(test, test.Bytes("ct"), test.Bytes("aad"));
        Assert.True(valid >= 118);
    }

    [Fact]
    public void Nonce_based_vectors_encrypt_and_decrypt_as_they_say()
    {
        int valid = 0;
        foreach ((_, JsonElement test) in Vectors.Files("aead", "aead_aes_siv*.json").SelectMany(Vectors.Wycheproof))
            valid += Check(test, [.. test.Bytes("tag"), .. test.Bytes("ct")], test.Bytes("aad"), test.Bytes("iv"));
        Assert.True(valid >= 252);
    }

    private static int Check(JsonElement test, byte[] ciphertext, params byte[][] associatedData)
    {
        using AesSiv siv = new(test.Bytes("key"));
        byte[] message = test.Bytes("msg");
        if (test.IsValid())
        {
            Assert.True(siv.Encrypt(message, associatedData).AsSpan().SequenceEqual(ciphertext), $"Vector {test.Id()}.");
            Assert.True(siv.Decrypt(ciphertext, associatedData).AsSpan().SequenceEqual(message), $"Vector {test.Id()}.");
            return 1;
        }
        Assert.Throws<CryptographicException>(() => siv.Decrypt(ciphertext, associatedData));
        return 0;
    }
}
