using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Formats;

/// <summary>Whatever text comes, no parser of values and tokens throws, and what gets a token comes back from it.</summary>
public sealed class ArbitraryTextTests : IDisposable
{
    private const int Cases = 100_000;

    private static readonly string[] s_values =
    [
        "ann.lee+x@example.com", "ann@bücher.example", "+43 1 58858-0", "0043158858", "4111 1111 1111 1111", "378282246310005", "078-05-1120",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "-9223372036854775808", "10.1.2.3", "2001:db8::1", "::ffff:1.2.3.4", "fe80::1%3", "AT-1034/77X",
        "2024-02-29T23:59:59.999-05:00", "2024-01-15", "02139-4307", "1e3", "Ångström Łukasz", "👩‍🚀",
    ];

    private static readonly string[] s_specifications =
    [
        "hour", "day", "week", "month", "quarter", "year", "hour_of_day", "day_of_week", "day_of_month", "week_of_year", "month_of_year", "age_band:10",
        "bucket:7", "bands:-1,18,65", "top:90", "bottom:10", "ip_prefix", "zip3", "keep_first:2", "keep_last:2", "keep_ends:1,2",
    ];

    private readonly ITokenizer[] _tokenizers;
    private readonly Gen<string> _text;

    public ArbitraryTextTests()
    {
        TokenFormat email = new(ValueKind.Email, TokenMethod.FormatPreserving);
        TokenFormat[] formats =
        [
            .. Enum.GetValues<ValueKind>().Where(k => k != ValueKind.Template).Select(k => new TokenFormat(k, TokenMethod.Siv)),
            email with { Domains = ["example.com"] },
            email with { Domain = DomainPolicy.PublicSuffix, Domains = ["co.uk"] },
            email with { Domain = DomainPolicy.None },
            email with { Domain = DomainPolicy.Full },
            TokenFormat.DefaultFor(ValueKind.Phone) with { Country = "AT" },
            TokenFormat.DefaultFor(ValueKind.Phone) with { KeepPrefix = 3 },
            TokenFormat.DefaultFor(ValueKind.Card),
            TokenFormat.DefaultFor(ValueKind.Card) with { KeepPrefix = 6, MinLength = 16, Luhn = false },
            TokenFormat.DefaultFor(ValueKind.Uuid),
            TokenFormat.DefaultFor(ValueKind.Integer) with { Least = -1_000_000 },
            new(ValueKind.NationalId, TokenMethod.FormatPreserving) { Country = "US", MinLength = 9, MaxLength = 9 },
            new(ValueKind.Ip, TokenMethod.IpPrefix),
            new(ValueKind.Ip, TokenMethod.IpDeterministic),
            new(ValueKind.Ip, TokenMethod.IpNonDeterministic),
            new(ValueKind.Template, TokenMethod.FormatPreserving)
            {
                Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", Separators = "-/", KeepPrefix = 2, MinLength = 8, MaxLength = 12,
            },
        ];
        _tokenizers = [.. formats.Select(f => f.Tokenizer())];
        string[] seeds =
        [
            .. s_values,
            .. from tokenizer in _tokenizers
               from value in s_values
               let canonical = tokenizer.Canonical(value)
               where canonical is not null
               let token = tokenizer.Tokenize(canonical)
               where token is not null
               select token,
        ];
        Gen<char> character = Gen.OneOf(Gen.Char, Gen.Char["019afvzAFZ@.+-_:/% \0\n\uD800\uDC00\uFFFE\u00A0\uFF20٣ßİ"]);
        Gen<string> mutated = Gen.Select(Gen.OneOf(seeds), Gen.Select(Gen.Int[0, 5], Gen.Int[0, 500], character).Array[0, 4]).Select(
            (seed, edits) => edits.Aggregate(seed, (text, edit) => Edited(text, edit.Item1, edit.Item2, edit.Item3)));
        _text = Gen.Frequency(
            (6, mutated),
            (2, character.Array[0, 40].Select(c => new string(c))),
            (1, Gen.String[0, 100]));
    }

    [Fact]
    public void Every_text_gets_no_token_or_one_that_gives_it_back() =>
        Gen.Select(Gen.OneOf(_tokenizers), _text).Sample(
            (tokenizer, text) =>
            {
                Check(tokenizer, text);
                _ = tokenizer.Tokenize(text);
                _ = tokenizer.Reveal(text);
            },
            iter: LongRuns.Times(Cases, 50));

    [Fact]
    public void Every_generalizer_is_total() =>
        Gen.Select(Gen.OneOf([.. s_specifications.Select(Generalizer.Parse)]), _text).Sample(
            (generalizer, text) => { _ = generalizer.Apply(text); },
            iter: LongRuns.Times(Cases, 50));

    [Fact]
    public void Every_specification_is_read_or_refused() =>
        Gen.Select(Gen.OneOf(s_specifications), Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Gen.Char["0123456789:,.-_ae "]).Array[0, 4]).Select(
            (seed, edits) => edits.Aggregate(seed, (text, edit) => Edited(text, edit.Item1, edit.Item2, edit.Item3))).Sample(
            text =>
            {
                bool read = Generalizer.TryParse(text, out Generalizer? generalizer, out string? error);
                Assert.Equal(read, generalizer is not null && error is null);
                Assert.True(!read || Generalizer.Parse(generalizer!.Specification).Specification == generalizer.Specification);
            },
            iter: LongRuns.Times(Cases, 50));

    // Nothing here may be worse than linear by much: a megabyte of anything is answered at once.
    [Fact]
    public void A_huge_text_ends()
    {
        foreach (string unit in (string[])["a", "1", "@", ".", "-", "+43", "ü", "a@", "1.", "::", "\u0301", "em3_0", "\uD800"])
        {
            string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
            foreach (ITokenizer tokenizer in _tokenizers)
            {
                Check(tokenizer, text);
                _ = tokenizer.Tokenize(text);
                _ = tokenizer.Reveal(text);
            }
        }
    }

    public void Dispose()
    {
        foreach (ITokenizer tokenizer in _tokenizers)
            tokenizer.Dispose();
    }

    private static void Check(ITokenizer tokenizer, string text)
    {
        if (tokenizer.Canonical(text) is { } canonical && tokenizer.Tokenize(canonical) is { } token)
            Assert.Equal(canonical, tokenizer.Reveal(token));
    }

    private static string Edited(string text, int kind, int place, char character)
    {
        int at = place % (text.Length + 1);
        return kind switch
        {
            0 => text.Insert(at, character.ToString()),
            1 => at < text.Length ? text.Remove(at, 1) : text,
            2 => at < text.Length ? string.Concat(text.AsSpan(0, at), [character], text.AsSpan(at + 1)) : text,
            3 => text[..at],
            4 => text[at..] + text[..at],
            _ => text + text,
        };
    }
}
