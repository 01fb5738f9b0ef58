using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Joining;

public class CanonicalFormTests
{
    [Theory]
    [InlineData(TokenKind.Email, "User@Example.COM", "user@example.com")]
    [InlineData(TokenKind.Email, "  user@example.com \n", "user@example.com")]
    [InlineData(TokenKind.Email, "user@example.com.", "user@example.com")]
    [InlineData(TokenKind.Email, "user＠example.com", "user@example.com")]
    [InlineData(TokenKind.Email, "max@MÜNCHEN.de", "max@xn--mnchen-3ya.de")]
    [InlineData(TokenKind.Email, "max@xn--mnchen-3ya.de", "max@xn--mnchen-3ya.de")]
    [InlineData(TokenKind.Email, "jose\u0301@example.com", "jos\u00e9@example.com")]
    [InlineData(TokenKind.Identifier, "User@Example.com", "user@example.com")]
    [InlineData(TokenKind.Identifier, "AbC123", "AbC123")]
    [InlineData(TokenKind.Identifier, " AbC123 ", "AbC123")]
    [InlineData(TokenKind.Identifier, "Team@42", "Team@42")]
    [InlineData(TokenKind.Identifier, "jose\u0301", "jos\u00e9")]
    [InlineData(TokenKind.Text, "Jose\u0301 GARC\u00cdA", "jos\u00e9 garc\u00eda")]
    [InlineData(TokenKind.Text, "ＦＵＬＬ", "full")]
    [InlineData(TokenKind.Text, "ΟΔΟΣ", "οδοσ")]
    [InlineData(TokenKind.Text, "οδος", "οδοσ")]
    [InlineData(TokenKind.Phone, "+1 (415) 555-2671", "+14155552671")]
    [InlineData(TokenKind.Phone, "0049 30 1234567", "+49301234567")]
    [InlineData(TokenKind.Phone, "٠١٢٣٤٥٦٧", "01234567")]
    [InlineData(TokenKind.Phone, "1-800-FLOWERS", "1-800-flowers")]
    [InlineData(TokenKind.Ip, "192.168.1.1", "192.168.1.1")]
    [InlineData(TokenKind.Ip, "::ffff:192.168.1.1", "192.168.1.1")]
    [InlineData(TokenKind.Ip, "2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData(TokenKind.Ip, "1", "1")]
    [InlineData(TokenKind.Ip, "0x7f.0.0.1", "0x7f.0.0.1")]
    [InlineData(TokenKind.Card, "4111 1111-1111 1111", "4111111111111111")]
    [InlineData(TokenKind.Card, "n/a", "n/a")]
    [InlineData(TokenKind.Iban, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432")]
    public void Spellings_come_to_one_form(TokenKind kind, string raw, string canonical) => Assert.Equal(canonical, CanonicalForm.Of(kind, raw));

    [Theory]
    [InlineData(TokenKind.Identifier, "abc123", "ABC123")]
    [InlineData(TokenKind.Identifier, "team@42", "Team@42")]
    [InlineData(TokenKind.Email, "user@example.com", "user+news@example.com")]
    [InlineData(TokenKind.Email, "user.name@example.com", "username@example.com")]
    [InlineData(TokenKind.Phone, "+14155552671", "+14155552672")]
    [InlineData(TokenKind.Phone, "4155552671", "+4155552671")]
    [InlineData(TokenKind.Ip, "2001:db8::1", "2001:db8::2")]
    [InlineData(TokenKind.Ip, "1.2.3.4", "1.2.3.40")]
    [InlineData(TokenKind.Text, "Ann Lee", "Anne Lee")]
    public void Different_values_stay_different(TokenKind kind, string one, string other) =>
        Assert.NotEqual(CanonicalForm.Of(kind, one), CanonicalForm.Of(kind, other));

    [Fact]
    public void Every_string_has_a_form_and_the_form_is_its_own_form() =>
        Gen.Select(Gen.Enum<TokenKind>(), Gen.String[0, 60]).Sample((kind, raw) =>
        {
            string canonical = CanonicalForm.Of(kind, raw);
            Assert.Equal(canonical, CanonicalForm.Of(kind, canonical));
        });

    [Fact]
    public void Every_utf16_code_unit_has_a_form_that_is_its_own_form()
    {
        foreach (TokenKind kind in Enum.GetValues<TokenKind>())
        {
            for (int unit = 0; unit <= char.MaxValue; unit++)
            {
                string canonical = CanonicalForm.Of(kind, $"x{(char)unit}é");
                Assert.Equal(canonical, CanonicalForm.Of(kind, canonical));
            }
        }
    }

    [Fact]
    public void Ill_formed_text_has_a_form()
    {
        // No attributes here: they are stored as UTF-8, which a lone surrogate does not survive.
        Assert.Equal("a\uFFFDb", CanonicalForm.Of(TokenKind.Identifier, "a\uD800b"));
        Assert.Equal("\uFFFD", CanonicalForm.Of(TokenKind.Text, "\uDC00"));
        Assert.Equal("é\uFFFD", CanonicalForm.Of(TokenKind.Identifier, "é\uFFFE"));
        Assert.Equal("é\uFFFD", CanonicalForm.Of(TokenKind.Identifier, "é\uFFFF"));
    }
}
