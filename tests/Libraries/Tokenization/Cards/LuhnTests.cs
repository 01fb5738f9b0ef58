using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Cards;

public class LuhnTests
{
    /// <summary>ISO/IEC 7812-1 examples and published test numbers of the card networks.</summary>
    [Theory]
    [InlineData("79927398713", 0)]
    [InlineData("79927398710", 7)]
    [InlineData("4111111111111111", 0)]
    [InlineData("378282246310005", 0)]
    [InlineData("5555555555554444", 0)]
    [InlineData("", 0)]
    public void Remainder_of_known_numbers(string number, int remainder) => Assert.Equal(remainder, Luhn.Remainder(Digits(number)));

    [Fact]
    public void Exactly_one_digit_gives_a_remainder() =>
        Gen.Select(Gen.Char['0', '9'].Array[1, 19], Gen.Int[0, 1_000], Gen.Int[0, 9]).Sample((number, place, remainder) =>
        {
            int at = place % number.Length;
            ushort[] digits = Digits(new string(number));
            Luhn.SetRemainder(digits, at, remainder);
            ushort set = digits[at];
            int[] fitting = [.. Enumerable.Range(0, 10).Where(d =>
            {
                digits[at] = (ushort)d;
                return Luhn.Remainder(digits) == remainder;
            })];
            Assert.Equal([set], fitting);
        });

    private static ushort[] Digits(string number) => [.. number.Select(c => (ushort)(c - '0'))];
}
