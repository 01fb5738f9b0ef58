using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Identifiers;

public class UuidTokenizerTests
{
    [Fact]
    public void Uuids_come_back_with_version_and_variant_kept() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16]).Sample((bytes, others) =>
        {
            using UuidTokenizer tokenizer = new(TokenKeys.Of());
            Guid value = new(bytes, bigEndian: true);
            Guid token = tokenizer.Tokenize(value);
            byte[] after = token.ToByteArray(bigEndian: true);
            Assert.Equal(bytes[6] & 0xF0, after[6] & 0xF0);
            Assert.Equal(bytes[8] & 0xC0, after[8] & 0xC0);
            Assert.Equal(value, tokenizer.Reveal(token));
            Assert.Equal(token.ToString(), tokenizer.Tokenize(value.ToString()));
            Guid other = new(others, bigEndian: true);
            Assert.Equal(value == other, token == tokenizer.Tokenize(other));
        });

    // A bit is never flipped in 64 tokens with a probability of 2^-64.
    [Fact]
    public void Every_other_bit_is_hidden()
    {
        using UuidTokenizer tokenizer = new(TokenKeys.Of());
        UInt128 flipped = 0;
        for (byte n = 0; n < 64; n++)
        {
            Guid value = new([n, 1, 2, 3, 4, 5, 0x46, 7, 0x88, 9, 10, 11, 12, 13, 14, 15], bigEndian: true);
            flipped |= Bits(value) ^ Bits(tokenizer.Tokenize(value));
        }
        Assert.Equal(122, (int)UInt128.PopCount(flipped));
    }

    [Theory]
    [InlineData("6BA7B810-9DAD-11D1-80B4-00C04FD430C8")]
    [InlineData("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}")]
    [InlineData("6ba7b8109dad11d180b400c04fd430c8")]
    public void Every_spelling_has_one_canonical_form(string spelling)
    {
        using UuidTokenizer tokenizer = new(TokenKeys.Of());
        Assert.Equal("6ba7b810-9dad-11d1-80b4-00c04fd430c8", tokenizer.Canonical(spelling));
    }

    [Theory]
    [InlineData("")]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c")]
    [InlineData("not-a-uuid")]
    public void What_is_no_uuid_has_no_token(string value)
    {
        using UuidTokenizer tokenizer = new(TokenKeys.Of());
        Assert.Null(tokenizer.Canonical(value));
        Assert.Null(tokenizer.Tokenize(value));
        Assert.Null(tokenizer.Reveal(value));
    }

    private static UInt128 Bits(Guid value) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(value.ToByteArray(bigEndian: true));
}
