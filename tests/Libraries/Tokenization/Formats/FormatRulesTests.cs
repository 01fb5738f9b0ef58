using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Formats;

public class FormatRulesTests
{
    private const string Digits = "0123456789";

    private static readonly TokenFormat s_template =
        Ff1(ValueKind.Template) with { Alphabet = Digits, Separators = "-", MinLength = 9, MaxLength = 9 };

    private static readonly TokenFormat s_card = TokenFormat.DefaultFor(ValueKind.Card);

    private static readonly TokenFormat s_id = Ff1(ValueKind.NationalId) with { Country = "AT", MinLength = 10, MaxLength = 10 };

    /// <summary>Format, domain size, code of a fault, and a part of the alternative.</summary>
    private static readonly (TokenFormat Format, string Domain, string Code, string Alternative)[] s_illegal =
    [
        (Ff1(ValueKind.Date), "73,049", "wrong_method", "the generalizer year or quarter, a shift per subject, or siv"),
        (Ff1(ValueKind.PostalCode), "100,000", "wrong_method", "zip3"),
        (Ff1(ValueKind.Country), "249", "wrong_method", "public domain"),
        (Ff1(ValueKind.Gender), "4", "wrong_method", "public domain"),
        (Ff1(ValueKind.Boolean), "2", "wrong_method", "public domain"),
        (Ff1(ValueKind.Name), "unlimited", "wrong_method", "siv"),
        (Ff1(ValueKind.Text), "unlimited", "wrong_method", "siv"),
        (Ff1(ValueKind.Ip), "4,294,967,296", "wrong_method", "ip_prefix"),
        (new(ValueKind.Card, TokenMethod.IpPrefix), "1", "wrong_method", "format_preserving"),
        (new(ValueKind.Uuid, TokenMethod.IpDeterministic), "at least 10^36", "wrong_method", "format_preserving"),
        (s_template with { MaxLength = 9, MinLength = 5 }, "100,000", "small_domain", "longer values"),
        (s_template with { KeepPrefix = 2, KeepSuffix = 2 }, "100,000", "small_domain", "fewer kept characters"),
        (s_template with { KeepPrefix = 5, KeepSuffix = 4 }, "1", "overlap", "fewer kept characters"),
        (s_template with { KeepPrefix = 7, KeepSuffix = 7 }, "1", "overlap", "fewer kept characters"),
        (s_template with { KeepPrefix = -1 }, "1,000,000,000", "length", "keep_prefix: 0"),
        (s_template with { KeepSuffix = -3 }, "1,000,000,000", "length", "keep_prefix: 0"),
        (s_template with { Alphabet = null }, "0", "alphabet", "every character"),
        (s_template with { Alphabet = "0" }, "1", "alphabet", "every character"),
        (s_template with { Alphabet = "00123456789" }, "1,000,000,000", "alphabet", "each character once"),
        (s_template with { Alphabet = new string('x', 65_537) }, "1", "alphabet", "every character"),
        (s_template with { Alphabet = Digits + "\t" }, "2,357,947,691", "alphabet", "siv"),
        (s_template with { Alphabet = Digits + "\uD83D\uDE00" }, "5,159,780,352", "alphabet", "siv"),
        (s_template with { Alphabet = Digits + "-" }, "2,357,947,691", "separators", "without it"),
        (s_template with { Separators = "--" }, "1,000,000,000", "separators", "each separator once"),
        (s_template with { Separators = "\n" }, "1,000,000,000", "separators", "siv"),
        (s_template with { MinLength = 0, MaxLength = 0 }, "1", "length", "min_length: 6"),
        (s_template with { MinLength = 9, MaxLength = 8 }, "1,000,000,000", "length", "at least min_length"),
        (s_template with { MaxLength = 257 }, "1,000,000,000", "length", "smaller max_length"),
        (s_template with { MinLength = int.MaxValue, MaxLength = int.MaxValue }, "at least 10^256", "length", "smaller max_length"),
        (s_template with { Alphabet = "01", MinLength = 19, MaxLength = 30 }, "524,288", "small_domain", "longer values"),
        (s_template with { Alphabet = "0123456789ABCDEF", Luhn = true }, "4,294,967,296", "luhn", "luhn: false"),
        (s_template with { MinLength = 6, MaxLength = 6, Luhn = true }, "100,000", "small_domain", "longer values"),
        (s_template with { Country = "AT" }, "1,000,000,000", "not_applicable", "national_id"),
        (s_card with { KeepPrefix = 6, MinLength = 16 }, "100,000", "small_domain", "luhn: false"),
        (s_card with { KeepPrefix = 6, MinLength = 15, Luhn = false }, "100,000", "small_domain", "keep_prefix: 0 with keep_suffix: 4"),
        (s_card with { KeepPrefix = 8, MinLength = 16, Luhn = false }, "10,000", "small_domain", "keep_prefix: 0 with keep_suffix: 4"),
        (s_card with { MaxLength = 20 }, "10,000,000", "length", "smaller max_length"),
        (s_card with { Alphabet = Digits }, "10,000,000", "not_applicable", "values: template"),
        (s_id with { MinLength = 5 }, "100,000", "small_domain", "siv"),
        (s_id with { Country = null }, "10,000,000,000", "country", "AT"),
        (s_id with { Country = "Austria" }, "10,000,000,000", "country", "AT"),
        (s_id with { KeepSuffix = 5 }, "100,000", "small_domain", "fewer kept digits"),
        (Ff1(ValueKind.Phone) with { KeepPrefix = 9 }, "100,000", "small_domain", "keep_prefix: 8 or less"),
        (Ff1(ValueKind.Phone) with { KeepPrefix = -1 }, "1,000,000", "length", "keep_prefix: 0"),
        (Ff1(ValueKind.Phone) with { KeepSuffix = 2 }, "1,000,000", "not_applicable", "keep_last"),
        (Ff1(ValueKind.Integer) with { Least = 1, Greatest = 999_999 }, "999,999", "small_domain", "bucket"),
        (Ff1(ValueKind.Integer) with { Least = 1, Greatest = 0 }, "0", "range", "above the least"),
        (Ff1(ValueKind.Uuid) with { KeepPrefix = 8 }, "at least 10^36", "not_applicable", "keep_first"),
        (Ff1(ValueKind.Email) with { Domains = ["Example.com"] }, "1,679,616", "domains", "lower case"),
        (Ff1(ValueKind.Email) with { Domains = ["corp.invalid"] }, "1,679,616", "domains", "without it"),
        (Ff1(ValueKind.Email) with { Domain = DomainPolicy.Full, Domains = ["example.com"] }, "1,679,616", "domains", "allow_listed"),
    ];

    public static TheoryData<int> Illegal => [.. Enumerable.Range(0, s_illegal.Length)];

    [Theory]
    [MemberData(nameof(Illegal))]
    public void An_illegal_format_is_refused_with_its_domain_size_and_an_alternative(int index)
    {
        (TokenFormat format, string domain, string code, string alternative) = s_illegal[index];
        FormatVerdict verdict = FormatRules.Check(format);
        Assert.Equal(domain, verdict.DomainText);
        FormatFault fault = Assert.Single(verdict.Faults, f => f.Code == code && f.Alternative.Contains(alternative, StringComparison.Ordinal));
        Assert.Contains($"Domain size: {domain}.", fault.Reason, StringComparison.Ordinal);
        IllegalFormatException refused = Assert.Throws<IllegalFormatException>(format.Tokenizer);
        Assert.Contains(fault.Alternative, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_at_least_forty_different_formats() =>
        Assert.InRange(s_illegal.Select(i => i.Format).Distinct().Count(), 40, int.MaxValue);

    [Theory]
    [InlineData(ValueKind.Email, "unlimited")]
    [InlineData(ValueKind.Phone, "1,000,000")]
    [InlineData(ValueKind.Name, "unlimited")]
    [InlineData(ValueKind.Card, "10,000,000")]
    [InlineData(ValueKind.Uuid, "at least 10^36")]
    [InlineData(ValueKind.Integer, "at least 10^19")]
    [InlineData(ValueKind.Ip, "4,294,967,296")]
    [InlineData(ValueKind.Date, "unlimited")]
    [InlineData(ValueKind.Boolean, "unlimited")]
    public void Defaults_are_legal(ValueKind kind, string domain)
    {
        FormatVerdict verdict = FormatRules.Check(TokenFormat.DefaultFor(kind));
        Assert.Empty(verdict.Faults);
        Assert.Equal(domain, verdict.DomainText);
    }

    [Fact]
    public void Bin_and_last_four_are_legal_without_luhn_alone()
    {
        TokenFormat bin = s_card with { KeepPrefix = 6, MinLength = 16, Luhn = false };
        Assert.Equal("1,000,000", FormatRules.Check(bin).DomainText);
        Assert.True(FormatRules.Check(bin).IsLegal);
    }

    [Fact]
    public void The_class_of_social_security_numbers_is_their_domain() =>
        Assert.Equal("888,931,098", FormatRules.Check(s_id with { Country = "US", MinLength = 9, MaxLength = 9 }).DomainText);

    [Fact]
    public void Kinds_without_a_length_have_no_default()
    {
        Assert.Throws<ArgumentOutOfRangeException>("values", () => TokenFormat.DefaultFor(ValueKind.Template));
        Assert.Throws<ArgumentOutOfRangeException>("values", () => TokenFormat.DefaultFor(ValueKind.NationalId));
    }

    [Fact]
    public void Whatever_is_declared_is_refused_or_becomes_a_tokenizer()
    {
        Gen<int> number = Gen.OneOf(Gen.Int[-2, 30], Gen.Int[-2, 30], Gen.Int);
        Gen<TokenFormat> format = Gen.Select(
            Gen.Int[0, 15].Select(k => (ValueKind)k),
            Gen.Int[0, 5].Select(m => (TokenMethod)m),
            Gen.OneOf(null, "", Digits, "abc", "0123456789abcdef-"),
            Gen.OneOf("", "-", "-.", "--"),
            Gen.Select(number, number, number, number),
            Gen.Select(
                Gen.Bool,
                Gen.OneOf(null, "AT", "US", "xx"),
                Gen.OneOf(Gen.Const(long.MinValue), Gen.Long),
                Gen.OneOf(Gen.Const(long.MaxValue), Gen.Long)),
            Gen.Select(Gen.Int[0, 4].Select(d => (DomainPolicy)d), Gen.OneOf("", "example.com", "x", "A").Array[0, 2]),
            (kind, method, alphabet, separators, numbers, more, domains) => new TokenFormat(kind, method)
            {
                Alphabet = alphabet,
                Separators = separators,
                KeepPrefix = numbers.Item1,
                KeepSuffix = numbers.Item2,
                MinLength = numbers.Item3,
                MaxLength = numbers.Item4,
                Luhn = more.Item1,
                Country = more.Item2,
                Least = more.Item3,
                Greatest = more.Item4,
                Domain = domains.Item1,
                Domains = [.. domains.Item2],
            });
        // A legal format is rare among those: half of them are made of what their kind takes.
        Gen<TokenFormat> plausible = format.Select(f => FormatRules.Check(f) is { IsLegal: false } ? Stripped(f) : f);
        int legal = 0;
        Gen.OneOf(format, plausible).Sample(
            f =>
            {
                FormatVerdict verdict = FormatRules.Check(f);
                Assert.All(verdict.Faults, fault => Assert.NotEmpty(fault.Alternative));
                if (!verdict.IsLegal)
                {
                    Assert.Throws<IllegalFormatException>(f.Tokenizer);
                    return;
                }
                Interlocked.Increment(ref legal);
                Assert.True(verdict.DomainSize is null || verdict.DomainSize >= Opaline.Tokenization.Ff1.MinDomain);
                using ITokenizer tokenizer = f.Tokenizer();
            },
            iter: LongRuns.Times(2_000, 50));
        Assert.InRange(legal, 100, int.MaxValue);
    }

    private static TokenFormat Stripped(TokenFormat format) => new(format.Values, format.Method)
    {
        KeepPrefix = format.Values == ValueKind.Phone ? format.KeepPrefix : 0,
        Least = format.Values == ValueKind.Integer ? format.Least : long.MinValue,
        Greatest = format.Values == ValueKind.Integer ? format.Greatest : long.MaxValue,
        Domain = format.Values == ValueKind.Email ? format.Domain : default,
    };

    private static TokenFormat Ff1(ValueKind kind) => new(kind, TokenMethod.FormatPreserving);
}
