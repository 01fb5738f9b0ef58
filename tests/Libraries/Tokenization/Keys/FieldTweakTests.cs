using System.Text;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Keys;

public class FieldTweakTests
{
    [Theory]
    [InlineData("", "0102ffffffffff")]
    [InlineData("4", "01024fffffffff")]
    [InlineData("431", "0102431fffffff")]
    [InlineData("0043", "01020043ffffff")]
    [InlineData("1234567890", "01021234567890")]
    public void Few_digits_stand_in_the_tweak_themselves(string context, string expected)
    {
        using FieldTweak tweak = new(TokenKeys.Of(number: 0x0102));
        Assert.Equal(expected, Write(tweak, context));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("12345678901")]
    [InlineData("ü")]
    public void Other_contexts_are_the_first_bytes_of_their_cmac(string context)
    {
        using AesCmac mac = new(TokenKeys.Derive("context", 32));
        byte[] tag = new byte[16];
        mac.Compute(Encoding.UTF8.GetBytes(context), tag);
        using FieldTweak tweak = new(TokenKeys.Of(number: 7));
        Assert.Equal("0007" + Convert.ToHexStringLower(tag.AsSpan(0, 5)), Write(tweak, context));
    }

    [Fact]
    public void A_long_context_is_taken()
    {
        using FieldTweak tweak = new(TokenKeys.Of());
        Assert.NotEqual(Write(tweak, new string('ü', 5_000)), Write(tweak, new string('ü', 5_001)));
    }

    private static string Write(FieldTweak tweak, string context)
    {
        byte[] bytes = new byte[FieldTweak.Size];
        tweak.Write(context, bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
