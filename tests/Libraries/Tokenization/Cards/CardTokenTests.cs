using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Cards;

public class CardTokenTests
{
    private static readonly TokenFormat s_default = TokenFormat.DefaultFor(ValueKind.Card);

    private static readonly TokenFormat s_bin = s_default with { KeepPrefix = 6, MinLength = 16, Luhn = false };

    private static readonly Gen<string> Pan = Gen.Char['0', '9'].Array[12, 19].Select(c => new string(c));

    private static readonly Gen<string> ValidPan = Pan.Select(p =>
    {
        ushort[] digits = Digits(p);
        Luhn.SetRemainder(digits, digits.Length - 1, 0);
        return string.Concat(digits);
    });

    [Fact]
    public void Cards_come_back_with_length_last_four_and_luhn_class_kept() =>
        Gen.Bool.SelectMany(valid => valid ? ValidPan : Pan).Sample(pan =>
        {
            using ITokenizer tokenizer = s_default.Tokenizer();
            string token = tokenizer.Tokenize(pan)!;
            Assert.Matches($"^[0-9]{{{pan.Length - 4}}}{pan[^4..]}$", token);
            Assert.Equal(IsValid(pan), IsValid(token));
            Assert.Equal(pan, tokenizer.Reveal(token));
        });

    [Fact]
    public void Different_cards_get_different_tokens() =>
        Gen.Select(ValidPan, ValidPan).Sample((first, second) =>
        {
            using ITokenizer tokenizer = s_default.Tokenizer();
            second = first[..^8] + second[^8..^4] + first[^4..];
            Assert.Equal(first == second, tokenizer.Tokenize(first) == tokenizer.Tokenize(second));
        });

    // A permutation of the class: no two of all 10,000 cards that differ in two pairs of digits meet.
    [Fact]
    public void Tokens_of_a_whole_class_are_distinct()
    {
        using ITokenizer tokenizer = s_default.Tokenizer();
        HashSet<string> tokens = [];
        foreach (int n in Enumerable.Range(0, 10_000))
        {
            ushort[] digits = Digits($"41111111{n:0000}1111");
            Luhn.SetRemainder(digits, 3, 0);
            Assert.True(tokens.Add(tokenizer.Tokenize(string.Concat(digits))!));
        }
        Assert.All(tokens, token => Assert.True(IsValid(token)));
    }

    [Fact]
    public void Bin_and_last_four_stay_without_a_luhn_condition()
    {
        using ITokenizer tokenizer = s_bin.Tokenizer();
        string token = tokenizer.Tokenize("4111110123451111")!;
        Assert.Matches("^411111[0-9]{6}1111$", token);
        Assert.NotEqual("4111110123451111", token);
        Assert.Equal("4111110123451111", tokenizer.Reveal(token));
        // Fifteen digits would leave five: they have no token, and the caller seals.
        Assert.Null(tokenizer.Tokenize("378282246310005"));
    }

    [Theory]
    [InlineData("4111 1111-1111 1111", "4111111111111111")]
    [InlineData("card 4111", null)]
    public void Groups_are_no_part_of_a_number(string spelling, string? canonical)
    {
        using ITokenizer tokenizer = s_default.Tokenizer();
        Assert.Equal(canonical, tokenizer.Canonical(spelling));
    }

    [Theory]
    [InlineData("41111111111")]
    [InlineData("41111111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    public void Another_shape_has_no_token(string value)
    {
        using ITokenizer tokenizer = s_default.Tokenizer();
        Assert.Null(tokenizer.Tokenize(value));
        Assert.Null(tokenizer.Reveal(value));
    }

    /// <summary>The key schedule and the tweak from outside: HKDF label ff1, field number, last four digits and Luhn remainder in BCD.</summary>
    [Fact]
    public void A_token_is_ff1_of_eleven_digits_under_the_tweak_of_what_stays()
    {
        using ITokenizer tokenizer = s_default.CreateTokenizer(TokenKeys.Of(number: 0x1234));
        using Ff1 ff1 = new(TokenKeys.Derive("ff1", 32), 10);
        ushort[] expected = Digits("4111111111111234");
        int remainder = Luhn.Remainder(expected);
        byte[] tweak = [0x12, 0x34, 0x12, 0x34, (byte)((remainder << 4) | 0xF), 0xFF, 0xFF];
        ff1.Encrypt(tweak, expected.AsSpan(0, 11), expected.AsSpan(0, 11));
        Luhn.SetRemainder(expected, 11, remainder);
        Assert.Equal(string.Concat(expected), tokenizer.Tokenize("4111111111111234"));
    }

    private static bool IsValid(string pan) => Luhn.Remainder(Digits(pan)) == 0;

    private static ushort[] Digits(string number) => [.. number.Select(c => (ushort)(c - '0'))];
}
