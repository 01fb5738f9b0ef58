using System.Security.Cryptography;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Siv;

public class AesSivTests
{
    private static readonly Gen<byte[]> Key = Gen.OneOf(32, 48, 64).SelectMany(size => Gen.Byte.Array[size]);
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 700];
    private static readonly Gen<byte[][]> Parts = Gen.Byte.Array[0, 40].Array[0, 4];

    [Fact]
    public void What_was_encrypted_decrypts() =>
        Gen.Select(Key, Bytes, Parts).Sample((key, plaintext, parts) =>
        {
            using AesSiv siv = new(key);
            byte[] ciphertext = siv.Encrypt(plaintext, parts);
            Assert.Equal(ciphertext, siv.Encrypt(plaintext, parts));
            Assert.Equal(plaintext, siv.Decrypt(ciphertext, parts));
        });

    [Fact]
    public void Any_changed_bit_is_noticed() =>
        Gen.Select(Key, Bytes, Parts, Gen.Int[0, int.MaxValue]).Sample((key, plaintext, parts, at) =>
        {
            using AesSiv siv = new(key);
            byte[] ciphertext = siv.Encrypt(plaintext, parts);
            ciphertext[at % ciphertext.Length] ^= (byte)(1 << (at % 8));
            Assert.Throws<CryptographicException>(() => siv.Decrypt(ciphertext, parts));
            byte[] opened = [.. plaintext];
            Assert.False(siv.TryDecrypt(siv.Header(parts), ciphertext, opened));
            Assert.All(opened, b => Assert.Equal(0, b));
        });

    [Fact]
    public void Both_paths_of_aes_give_the_same_bytes()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "This processor has no AES instructions.");
        Gen.Select(Key, Bytes, Parts).Sample((key, plaintext, parts) =>
        {
            int half = key.Length / 2;
            using AesSiv native = new(new NativeAesBlocks(key.AsSpan(0, half)), new NativeAesBlocks(key.AsSpan(half)));
            using AesSiv portable = new(new PortableAesBlocks(key.AsSpan(0, half)), new PortableAesBlocks(key.AsSpan(half)));
            Assert.Equal(portable.Encrypt(plaintext, parts), native.Encrypt(plaintext, parts));
        });
    }

    [Fact]
    public void Associated_data_may_be_worked_in_before() =>
        Gen.Select(Key, Bytes, Parts).Sample((key, plaintext, parts) =>
        {
            using AesSiv siv = new(key);
            SivHeader header = siv.Header(parts);
            byte[] expected = siv.Encrypt(plaintext, parts);
            byte[] ciphertext = new byte[expected.Length];
            siv.Encrypt(header, plaintext, ciphertext);
            Assert.Equal(expected, ciphertext);
            byte[] decrypted = new byte[plaintext.Length];
            siv.Decrypt(header, ciphertext, decrypted);
            Assert.Equal(plaintext, decrypted);
        });

    [Fact]
    public void A_header_serves_its_own_cipher_and_fitting_outputs_only()
    {
        using AesSiv siv = new(new byte[64]);
        using AesSiv other = new(new byte[64]);
        SivHeader header = siv.Header([1]);
        Assert.Throws<ArgumentException>("header", () => other.Encrypt(header, new byte[3], new byte[19]));
        Assert.Throws<ArgumentException>("header", () => other.Decrypt(header, new byte[19], new byte[3]));
        Assert.Throws<ArgumentException>("output", () => siv.Encrypt(header, new byte[3], new byte[18]));
        Assert.Throws<ArgumentException>("plaintext", () => siv.Decrypt(header, new byte[19], new byte[4]));
        Assert.Throws<CryptographicException>(() => siv.Decrypt(header, new byte[15], []));
    }

    [Fact]
    public void A_plaintext_that_does_not_authenticate_is_not_handed_out()
    {
        using AesSiv siv = new(new byte[64]);
        SivHeader header = siv.Header("email"u8.ToArray(), "acme"u8.ToArray());
        byte[] ciphertext = new byte[16 + 24];
        siv.Encrypt(header, "somebody@mail.example.org"u8[..24], ciphertext);
        ciphertext[0] ^= 1;
        byte[] plaintext = new byte[24];
        plaintext.AsSpan().Fill(7);
        Assert.Throws<CryptographicException>(() => siv.Decrypt(header, ciphertext, plaintext));
        Assert.All(plaintext, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Any_ciphertext_is_refused_or_decrypts_to_what_encrypts_to_it()
    {
        using AesSiv siv = new(new byte[32]);
        Gen.Byte.Array[0, 70].Sample(
            bytes =>
            {
                try
                {
                    Assert.Equal(bytes, siv.Encrypt(siv.Decrypt(bytes)));
                }
                catch (CryptographicException)
                {
                    // Nearly all of them.
                }
            },
            iter: LongRuns.Enabled ? 5_000_000 : 100_000);
    }

    [Fact]
    public void Nothing_is_allocated_under_a_header()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "The platform's AES allocates.");
        using AesSiv siv = new(new byte[64]);
        SivHeader header = siv.Header("email"u8.ToArray(), "acme"u8.ToArray());
        byte[] plaintext = new byte[300];
        byte[] ciphertext = new byte[316];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            for (int length = 0; length <= plaintext.Length; length++)
            {
                siv.Encrypt(header, plaintext.AsSpan(0, length), ciphertext.AsSpan(0, length + 16));
                siv.Decrypt(header, ciphertext.AsSpan(0, length + 16), plaintext.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void Empty_part_of_associated_data_counts()
    {
        using AesSiv siv = new(new byte[64]);
        Assert.NotEqual(siv.Encrypt("text"u8), siv.Encrypt("text"u8, (byte[])[]));
        Assert.NotEqual(siv.Encrypt("text"u8, [1], [2]), siv.Encrypt("text"u8, [1, 2]));
    }

    /// <summary>RFC 5297, A.2: three parts of associated data.</summary>
    [Fact]
    public void Nonce_based_example_of_the_rfc_holds()
    {
        using AesSiv siv = new(Convert.FromHexString("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f"));
        byte[] ciphertext = siv.Encrypt(
            Convert.FromHexString("7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553"),
            Convert.FromHexString("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"),
            Convert.FromHexString("102030405060708090a0"),
            Convert.FromHexString("09f911029d74e35bd84156c5635688c0"));
        Assert.Equal(
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
            Convert.ToHexStringLower(ciphertext));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(128)]
    public void Key_of_another_length_is_refused(int length) => Assert.Throws<ArgumentException>(() => new AesSiv(new byte[length]));

    [Fact]
    public void Cmac_of_a_shortened_tag_is_refused()
    {
        using AesCmac mac = new(new byte[16]);
        byte[] tag = new byte[16];
        mac.Compute("text"u8, tag);
        Assert.True(mac.Verify("text"u8, tag));
        Assert.False(mac.Verify("text"u8, tag.AsSpan(0, 15)));
        Assert.False(mac.Verify("text"u8, []));
    }
}
