using System.Security.Cryptography;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Display;

public class DisplayTokenTests
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    private static readonly Gen<TokenKind> Kind = Gen.Enum<TokenKind>();

    [Fact]
    public void Token_opens_to_its_entry_under_its_key_and_under_no_other()
    {
        using DisplayKey other = new(RandomNumberGenerator.GetBytes(DisplayKey.Size), TokenKind.Identifier, 1);
        Gen.Select(Gen.Byte.Array[DisplayKey.Size], Kind, Gen.Int[1, 999_999], Gen.Long[1, long.MaxValue]).Sample(
            (secret, kind, version, entry) =>
            {
                using DisplayKey key = new(secret, kind, version);
                Assert.True(DisplayToken.TryParse(key.Token(entry), out DisplayToken token));
                Assert.Equal((kind, version), (token.Kind, token.Version));
                Assert.True(key.TryOpen(token, out long opened));
                Assert.Equal(entry, opened);
                Assert.False(other.TryOpen(token, out long none));
                Assert.Equal(0, none);
            },
            iter: LongRuns.Times(10_000, 50));
    }

    [Fact]
    public void Entry_that_cannot_be_is_none()
    {
        using DisplayKey key = new(new byte[DisplayKey.Size], TokenKind.Identifier, 1);
        foreach (long entry in (long[])[0, -1, long.MinValue])
        {
            Assert.True(DisplayToken.TryParse(key.Token(entry), out DisplayToken token));
            Assert.False(key.TryOpen(token, out _));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sub1_")]
    [InlineData("sub_00000000000000000000000000")]
    [InlineData("sub0_00000000000000000000000000")]
    [InlineData("sub01_00000000000000000000000000")]
    [InlineData("sub-1_00000000000000000000000000")]
    [InlineData("sub+1_00000000000000000000000000")]
    [InlineData("sub 1_00000000000000000000000000")]
    [InlineData("sub1_80000000000000000000000000")]
    [InlineData("sub1_0000000000000000000000000w")]
    [InlineData("sub1_0000000000000000000000000V")]
    [InlineData("sub1_000000000000000000000000000")]
    [InlineData("sub1_0000000000000000000000000")]
    [InlineData("sub10000000_00000000000000000000000000")]
    [InlineData("em1766992_00000000000000000000000000")]
    [InlineData("SUB1_00000000000000000000000000")]
    [InlineData("xyz1_00000000000000000000000000")]
    [InlineData("sub1_00000000000000000000000000 ")]
    public void Other_text_is_no_token(string? text) => Assert.False(DisplayToken.TryParse(text, out _));

    [Fact]
    public void Arbitrary_text_is_a_token_only_if_it_is_written_as_one()
    {
        Gen<string> nearly = Gen.Select(
            Gen.OneOf(Gen.Const("sub"), Gen.Const("em"), Gen.Const("txt"), Gen.Const("ip"), Gen.String[Gen.Char['a', 'z'], 0, 4]),
            Gen.OneOf(Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), Gen.String[Gen.Char['0', '9'], 0, 8], Gen.String[0, 3]),
            Gen.OneOf(Gen.String[Gen.Int[0, 31].Select(i => Digits[i]), 24, 28], Gen.String[Gen.Char, 20, 30]),
            (prefix, version, code) => $"{prefix}{version}_{code}");
        using DisplayKey key = new(new byte[DisplayKey.Size], TokenKind.Identifier, 1);
        Gen.OneOf(Gen.String, nearly).Sample(
            text =>
            {
                if (!DisplayToken.TryParse(text, out DisplayToken token))
                    return;
                Assert.Matches("^(sub|txt|em|ph|ip|cc|ib)[1-9][0-9]{0,5}_[0-7][0-9a-v]{25}$", text);
                Assert.False(key.TryOpen(token, out long entry) && entry <= 0);
            },
            iter: LongRuns.Times(100_000, 50));
    }
}
