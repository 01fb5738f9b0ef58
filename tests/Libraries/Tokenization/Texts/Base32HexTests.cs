using System.Text;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Texts;

public class Base32HexTests
{
    /// <summary>RFC 4648, section 10, in lower case and without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "co")]
    [InlineData("fo", "cpng")]
    [InlineData("foo", "cpnmu")]
    [InlineData("foob", "cpnmuog")]
    [InlineData("fooba", "cpnmuoj1")]
    [InlineData("foobar", "cpnmuoj1e8")]
    public void Examples_of_the_rfc_hold(string bytes, string code)
    {
        char[] text = new char[Base32Hex.LengthOf(bytes.Length)];
        Base32Hex.Encode(Encoding.ASCII.GetBytes(bytes), text);
        Assert.Equal(code, new string(text));
    }

    [Fact]
    public void Nothing_but_a_code_decodes() =>
        Gen.Char["0189avwzAV=_"].Array[0, 12].Sample(text =>
        {
            byte[] bytes = new byte[text.Length];
            if (!Base32Hex.TryDecode(text, bytes, out int written))
                return;
            char[] again = new char[Base32Hex.LengthOf(written)];
            Base32Hex.Encode(bytes.AsSpan(0, written), again);
            Assert.Equal(new string(text), new string(again));
        });

    [Theory]
    [InlineData("c")]
    [InlineData("cp")]
    [InlineData("CO")]
    [InlineData("co=")]
    [InlineData("cw")]
    public void Trailing_bits_padding_and_capitals_are_refused(string code) =>
        Assert.False(Base32Hex.TryDecode(code, new byte[8], out _));
}
