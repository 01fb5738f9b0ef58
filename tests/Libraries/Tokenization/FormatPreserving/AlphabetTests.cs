using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.FormatPreserving;

public class AlphabetTests
{
    private static readonly char[] All = [.. Enumerable.Range(0, 65_536).Select(c => (char)c).Where(c => !char.IsSurrogate(c))];

    [Fact]
    public void Text_of_any_alphabet_is_written_as_it_was_read() =>
        Gen.Select(Gen.Shuffle(All, 2, 400), Gen.Int[0, 399].Array[0, 50]).Sample((characters, places) =>
        {
            Alphabet alphabet = new(characters);
            char[] text = [.. places.Select(place => characters[place % characters.Length])];
            ushort[] digits = new ushort[text.Length];
            Assert.True(alphabet.TryRead(text, digits));
            Assert.Equal(places.Select(place => (ushort)(place % characters.Length)), digits);
            char[] written = new char[text.Length];
            alphabet.Write(digits, written);
            Assert.Equal(text, written);
        });

    [Fact]
    public void Largest_alphabet_has_every_character_but_surrogates()
    {
        Alphabet alphabet = new(All);
        Assert.Equal(63_488, alphabet.Radix);
        Assert.Equal(Ff1.MaxRadix - 2_048, alphabet.Radix);
        Assert.True(alphabet.Contains('\uffff'));
        Assert.False(alphabet.Contains('\ud800'));
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.Frequency((1, Gen.String), (1, Gen.Char['0', 'z'].Array[0, 6].Select(c => new string(c)))).Sample(
            text =>
            {
                ushort[] digits = new ushort[text.Length];
                bool known = text.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));
                Assert.Equal(known, Alphabet.Alphanumeric.TryRead(text, digits));
                Assert.Equal(known, text.All(Alphabet.Alphanumeric.Contains));
            },
            iter: LongRuns.Enabled ? 5_000_000 : 100_000);

    [Fact]
    public void Bad_alphabets_digits_and_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>("characters", () => new Alphabet("a"));
        Assert.Throws<ArgumentException>("characters", () => new Alphabet("aba"));
        Assert.Throws<ArgumentException>("characters", () => new Alphabet("a\ud83d"));
        Assert.Throws<ArgumentException>("digits", () => Alphabet.Decimal.TryRead("123", new ushort[2]));
        Assert.Throws<ArgumentException>("text", () => Alphabet.Decimal.Write(new ushort[3], new char[2]));
        Assert.Throws<ArgumentException>("digits", () => Alphabet.Decimal.Write((ushort[])[10], new char[1]));
    }
}
