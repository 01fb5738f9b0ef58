using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Identifiers;

public class NationalIdTests
{
    private static readonly TokenFormat s_ssn =
        new(ValueKind.NationalId, TokenMethod.FormatPreserving) { Country = "US", MinLength = 9, MaxLength = 9 };

    private static readonly TokenFormat s_insurance = s_ssn with { Country = "AT", MinLength = 10, MaxLength = 10 };

    private static readonly Gen<string> Ssn = Gen.Select(
        Gen.OneOf(Gen.OneOf("000", "666", "900", "987", "001"), Gen.Char['0', '9'].Array[3].Select(c => new string(c))),
        Gen.OneOf(Gen.Const("00"), Gen.Char['0', '9'].Array[2].Select(c => new string(c))),
        Gen.OneOf(Gen.Const("0000"), Gen.Char['0', '9'].Array[4].Select(c => new string(c))),
        (area, group, serial) => area + group + serial);

    [Fact]
    public void Social_security_numbers_come_back_and_stay_issuable_or_not() =>
        Ssn.Sample(ssn =>
        {
            using ITokenizer tokenizer = s_ssn.Tokenizer();
            string token = tokenizer.Tokenize(ssn)!;
            Assert.Matches("^[0-9]{9}$", token);
            Assert.Equal(IsIssuable(ssn), IsIssuable(token));
            Assert.Equal(ssn, tokenizer.Reveal(token));
        });

    [Fact]
    public void Different_numbers_get_different_tokens() =>
        Gen.Select(Ssn, Ssn).Sample((first, second) =>
        {
            using ITokenizer tokenizer = s_ssn.Tokenizer();
            Assert.Equal(first == second, tokenizer.Tokenize(first) == tokenizer.Tokenize(second));
        });

    [Fact]
    public void The_country_is_in_the_tweak()
    {
        using ITokenizer austrian = s_insurance.Tokenizer();
        using ITokenizer german = (s_insurance with { Country = "DE" }).Tokenizer();
        Assert.NotEqual(austrian.Tokenize("1237010180"), german.Tokenize("1237010180"));
    }

    [Theory]
    [InlineData("078-05-1120", "078051120")]
    [InlineData("078 05 1120", "078051120")]
    [InlineData("07.80/51120", "078051120")]
    [InlineData("A78051120", null)]
    [InlineData("--", null)]
    public void Separators_are_no_part_of_a_number(string spelling, string? canonical)
    {
        using ITokenizer tokenizer = s_ssn.Tokenizer();
        Assert.Equal(canonical, tokenizer.Canonical(spelling));
    }

    private static bool IsIssuable(string ssn) =>
        ssn[..3] is not ("000" or "666") && ssn[0] != '9' && ssn[3..5] != "00" && ssn[5..] != "0000";
}
