using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;
using PhoneNumbers;

namespace Opaline.Libraries.Tests.Tokenization.Phones;

public class PhoneTokenizerTests
{
    private static readonly int[] s_codes = [.. PhoneNumberUtil.GetInstance().GetSupportedCallingCodes()];

    private static readonly Gen<(string Code, string Number)> E164 =
        Gen.Select(Gen.OneOf(s_codes), Gen.Char['0', '9'].Array[2, 12], (code, digits) => ($"+{code}", new string(digits)));

    [Theory]
    [InlineData("+43 1 58858-0", "+431588580")]
    [InlineData("0043 (1) 588580", "+431588580")]
    [InlineData("(01) 58858 0", "+431588580")]
    [InlineData("+1 (415) 555-2671", "+14155552671")]
    [InlineData("+39 06 1234 5678", "+390612345678")]
    public void Every_spelling_has_one_canonical_form(string spelling, string canonical)
    {
        using ITokenizer tokenizer = Tokenizer(country: "AT");
        Assert.Equal(canonical, tokenizer.Canonical(spelling));
        Assert.Equal(canonical, tokenizer.Canonical(canonical));
    }

    [Theory]
    [InlineData("01 58858 0")]
    [InlineData("+999 1234567")]
    [InlineData("call me")]
    [InlineData("+")]
    [InlineData("+43 1 58858 ext 7")]
    [InlineData("")]
    public void What_is_no_number_of_the_world_has_none(string value)
    {
        using ITokenizer tokenizer = Tokenizer();
        Assert.Null(tokenizer.Canonical(value));
    }

    [Fact]
    public void Numbers_come_back_and_keep_country_code_and_length() =>
        Gen.Select(E164, Gen.Int[0, 8]).Sample((phone, kept) =>
        {
            using ITokenizer tokenizer = Tokenizer(kept);
            string number = phone.Code + phone.Number;
            string token = tokenizer.Tokenize(number)!;
            Assert.Equal(number, tokenizer.Reveal(token));
            if (phone.Number.Length >= kept + 6)
            {
                Assert.Matches($"^\\{phone.Code}{phone.Number[..kept]}[0-9]*$", token);
                Assert.Equal(number.Length, token.Length);
            }
            else
            {
                Assert.StartsWith("ph3_", token, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void Different_numbers_get_different_tokens() =>
        Gen.Select(E164, E164).Sample((first, second) =>
        {
            using ITokenizer tokenizer = Tokenizer();
            (string one, string other) = (first.Code + first.Number, first.Code + second.Number);
            Assert.Equal(one == other, tokenizer.Tokenize(one) == tokenizer.Tokenize(other));
        });

    [Fact]
    public void No_country_code_is_the_beginning_of_another() =>
        Assert.DoesNotContain(s_codes, code => s_codes.Any(other => other != code && $"{other}".StartsWith($"{code}", StringComparison.Ordinal)));

    [Fact]
    public void The_same_digits_in_another_country_are_another_token()
    {
        using ITokenizer tokenizer = Tokenizer();
        Assert.NotEqual(tokenizer.Tokenize("+431234567890")![3..], tokenizer.Tokenize("+491234567890")![3..]);
    }

    [Theory]
    [InlineData("431588580")]
    [InlineData("+0431588580")]
    [InlineData("+9991588580")]
    [InlineData("+43 1588580")]
    [InlineData("+4312345678901234")]
    [InlineData("+43")]
    public void What_is_not_canonical_has_no_token(string value)
    {
        using ITokenizer tokenizer = Tokenizer();
        Assert.Null(tokenizer.Tokenize(value));
        Assert.Null(tokenizer.Reveal(value));
    }

    private static ITokenizer Tokenizer(int kept = 0, string? country = null) =>
        (TokenFormat.DefaultFor(ValueKind.Phone) with { KeepPrefix = kept, Country = country }).Tokenizer();
}
