using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Templates;

public class TemplateTokenizerTests
{
    private static readonly TokenFormat s_customer = new(ValueKind.Template, TokenMethod.FormatPreserving)
    {
        Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        Separators = "-/",
        KeepPrefix = 2,
        KeepSuffix = 1,
        MinLength = 8,
        MaxLength = 12,
    };

    /// <summary>Legal templates of any alphabet, separators, lengths and kept parts.</summary>
    private static readonly Gen<TokenFormat> Format =
        Gen.Select(Gen.Int[2, 300], Gen.Int[1, 0x3000], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 10], Gen.Int[0, 4]).Select(
            (radix, first, prefix, suffix, more, separators) =>
            {
                int shortest = prefix + suffix + Ff1.MinLengthOf(radix);
                return s_customer with
                {
                    Alphabet = new string([.. Enumerable.Range(0xA0 + first, radix).Select(c => (char)c)]),
                    Separators = "-./ "[..separators],
                    KeepPrefix = prefix,
                    KeepSuffix = suffix,
                    MinLength = shortest,
                    MaxLength = shortest + more,
                };
            }).Where(f => FormatRules.Check(f).IsLegal);

    private static readonly Gen<(TokenFormat Format, string First, string Second)> Case = Format.SelectMany(
        format => Gen.Select(Gen.Const(format), Text(format), Text(format)));

    [Fact]
    public void Texts_come_back_with_separators_and_kept_parts_in_their_places() =>
        Case.Sample((format, first, second) =>
        {
            using ITokenizer tokenizer = format.Tokenizer();
            string token = tokenizer.Tokenize(first)!;
            Assert.Equal(first, tokenizer.Reveal(token));
            Assert.Equal(first == second, token == tokenizer.Tokenize(second));
            Assert.Equal(Outline(format, first), Outline(format, token));
            string before = Hidden(format, first);
            string after = Hidden(format, token);
            Assert.Equal(before[..format.KeepPrefix], after[..format.KeepPrefix]);
            Assert.Equal(before[^format.KeepSuffix..], after[^format.KeepSuffix..]);
            Assert.All(after, c => Assert.Contains(c, format.Alphabet!));
        });

    [Theory]
    [InlineData("AT-1034/77X", @"^AT-[0-9A-Z]{4}/[0-9A-Z]{2}X$")]
    [InlineData("--AT103477X", @"^--AT[0-9A-Z]{6}X$")]
    public void A_customer_number_keeps_its_face(string value, string token)
    {
        using ITokenizer tokenizer = s_customer.Tokenizer();
        Assert.Matches(token, tokenizer.Tokenize(value)!);
        Assert.NotEqual(value, tokenizer.Tokenize(value));
    }

    [Theory]
    [InlineData("AT-1034")]
    [InlineData("AT-1034-77X-1034")]
    [InlineData("at-1034-77x")]
    [InlineData("AT 1034 77X")]
    [InlineData("")]
    public void Another_shape_has_no_token(string value)
    {
        using ITokenizer tokenizer = s_customer.Tokenizer();
        Assert.Null(tokenizer.Tokenize(value));
        Assert.Null(tokenizer.Reveal(value));
    }

    [Fact]
    public void Kept_parts_are_in_the_tweak()
    {
        using ITokenizer tokenizer = s_customer.Tokenizer();
        string[] hidden = [.. new[] { "AT1034771", "DE1034771", "AT1034772" }.Select(v => tokenizer.Tokenize(v)![2..^1])];
        Assert.Equal(3, hidden.Distinct().Count());
    }

    [Fact]
    public void A_text_of_separators_only_ends()
    {
        using ITokenizer tokenizer = s_customer.Tokenizer();
        Assert.Null(tokenizer.Tokenize(new string('-', 1_000_000)));
        Assert.NotNull(tokenizer.Tokenize("AT1034771" + new string('-', 500)));
    }

    [Fact]
    public void Luhn_of_a_template_counts_digits_only() =>
        Gen.Char["0123456789- "].Array[1, 30].Select(c => new string(c)).Where(t => t.Count(char.IsAsciiDigit) is >= 8 and <= 19).Sample(text =>
        {
            using ITokenizer tokenizer = (s_customer with
            {
                Alphabet = "0123456789", Separators = "- ", KeepPrefix = 0, KeepSuffix = 0, MinLength = 8, MaxLength = 19, Luhn = true,
            }).Tokenizer();
            string token = tokenizer.Tokenize(text)!;
            Assert.Equal(text, tokenizer.Reveal(token));
            Assert.Equal(Remainder(text), Remainder(token));
        });

    private static int Remainder(string text) => Luhn.Remainder([.. text.Where(char.IsAsciiDigit).Select(c => (ushort)(c - '0'))]);

    private static Gen<string> Text(TokenFormat format) =>
        Gen.Select(
            Gen.Char[format.Alphabet!].Array[format.MinLength, format.MaxLength],
            Gen.Int[0, 40].Array[0, 4],
            (characters, places) =>
            {
                string text = new(characters);
                foreach (int place in format.Separators.Length == 0 ? [] : places)
                    text = text.Insert(place % (text.Length + 1), format.Separators[place % format.Separators.Length].ToString());
                return text;
            });

    private static string Outline(TokenFormat format, string text) =>
        string.Concat(text.Select(c => format.Separators.Contains(c, StringComparison.Ordinal) ? c : '#'));

    private static string Hidden(TokenFormat format, string text) =>
        string.Concat(text.Where(c => !format.Separators.Contains(c, StringComparison.Ordinal)));
}
