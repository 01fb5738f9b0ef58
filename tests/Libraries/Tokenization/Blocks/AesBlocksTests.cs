using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Blocks;

public class AesBlocksTests
{
    private static readonly Gen<(byte[] Key, byte[] Blocks, byte[] State)> Inputs =
        Gen.Select(
            Gen.OneOf(16, 24, 32).SelectMany(size => Gen.Byte.Array[size]),
            Gen.Int[0, 20].SelectMany(count => Gen.Byte.Array[16 * count]),
            Gen.Byte.Array[16]);

    [Fact]
    public void Processor_and_platform_agree_on_every_block()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "This processor has no AES instructions.");
        Inputs.Sample((key, blocks, state) =>
        {
            using NativeAesBlocks native = new(key);
            using PortableAesBlocks portable = new(key);
            byte[] one = new byte[blocks.Length];
            byte[] two = new byte[blocks.Length];
            native.Encrypt(blocks, one);
            portable.Encrypt(blocks, two);
            Assert.Equal(two, one);
            native.Decrypt(one, one);
            portable.Decrypt(two, two);
            Assert.Equal(blocks, one);
            Assert.Equal(blocks, two);

            byte[] chain = [.. state];
            native.CbcMac(chain, blocks);
            portable.CbcMac(state, blocks);
            Assert.Equal(state, chain);
        });
    }

    /// <summary>FIPS 197, appendix C: the same plaintext under keys 00 01 02 … of 128, 192 and 256 bits.</summary>
    [Theory]
    [InlineData(16, "69c4e0d86a7b0430d8cdb78070b4c55a")]
    [InlineData(24, "dda97ca4864cdfe06eaf70a0ec0d7191")]
    [InlineData(32, "8ea2b7ca516745bfeafc49904b496089")]
    public void Standard_examples_hold_on_both_paths(int keySize, string expected)
    {
        byte[] key = [.. Enumerable.Range(0, keySize).Select(i => (byte)i)];
        byte[] block = Convert.FromHexString("00112233445566778899aabbccddeeff");
        byte[] output = new byte[16];
        using PortableAesBlocks portable = new(key);
        portable.Encrypt(block, output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
        if (!AesBlocks.HasNative)
            return;
        using NativeAesBlocks native = new(key);
        native.Encrypt(block, output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Disposed_blocks_encrypt_nothing()
    {
        Assert.SkipUnless(AesBlocks.HasNative, "This processor has no AES instructions.");
        NativeAesBlocks native = new(new byte[32]);
        native.Dispose();
        Assert.Throws<ObjectDisposedException>(() => native.Encrypt(new byte[16], new byte[16]));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Decrypting_undoes_encrypting_in_either_implementation(int keySize)
    {
        byte[] key = System.Security.Cryptography.RandomNumberGenerator.GetBytes(keySize);
        byte[] plain = System.Security.Cryptography.RandomNumberGenerator.GetBytes(16 * 7);
        byte[] encrypted = new byte[plain.Length];
        byte[] decrypted = new byte[plain.Length];
        using PortableAesBlocks portable = new(key);
        portable.Encrypt(plain, encrypted);
        portable.Decrypt(encrypted, decrypted);
        Assert.Equal(plain, decrypted);
        if (!AesBlocks.HasNative)
            return;
        using NativeAesBlocks native = new(key);
        decrypted.AsSpan().Clear();
        native.Decrypt(encrypted, decrypted);
        Assert.Equal(plain, decrypted);
    }
}
