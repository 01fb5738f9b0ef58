using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Emails;

public class EmailTokenizerTests
{
    private static readonly TokenFormat s_format = new(ValueKind.Email, TokenMethod.FormatPreserving);

    private static readonly TokenFormat s_listed = s_format with { Domains = ["example.com", "example.org"] };

    private static readonly TokenFormat s_suffix = s_format with { Domain = DomainPolicy.PublicSuffix, Domains = ["co.uk", "example.net"] };

    private static readonly Gen<TokenFormat> Format = Gen.OneOf(
        s_format,
        s_listed,
        s_suffix,
        s_format with { Domain = DomainPolicy.None },
        s_format with { Domain = DomainPolicy.Full },
        s_format with { Domain = DomainPolicy.PublicSuffix });

    private static readonly Gen<string> Local = Gen.Char["abcxyz019.+-_"].Array[1, 30].Select(c => new string(c));

    private static readonly Gen<string> Domain = Gen.OneOf(
        Gen.OneOf("example.com", "example.org", "mail.example.co.uk", "co.uk", "intranet", "[10.0.0.1]", "a.example.net", "x.invalid", "invalid"),
        Gen.Char["abcz09-."].Array[1, 200].Select(c => new string(c).Trim('.')).Where(d => d.Length > 0));

    private static readonly Gen<string> Address = Gen.Select(Local, Domain, (local, domain) => $"{local}@{domain}");

    [Fact]
    public void Addresses_come_back() =>
        Gen.Select(Format, Address).Sample((format, address) =>
        {
            using ITokenizer tokenizer = format.Tokenizer();
            Assert.Equal(address, tokenizer.Reveal(tokenizer.Tokenize(address)!));
        });

    [Fact]
    public void Different_addresses_get_different_tokens() =>
        Gen.Select(Format, Address, Address).Sample((format, first, second) =>
        {
            using ITokenizer tokenizer = format.Tokenizer();
            Assert.Equal(first == second, tokenizer.Tokenize(first) == tokenizer.Tokenize(second));
        });

    [Fact]
    public void The_local_part_keeps_its_outline() =>
        Gen.Select(Local.Where(l => l.Count(char.IsAsciiLetterOrDigit) >= 4), Domain).Sample((local, domain) =>
        {
            using ITokenizer tokenizer = (s_format with { Domain = DomainPolicy.Full }).Tokenizer();
            string token = tokenizer.Tokenize($"{local}@{domain}")!;
            Assert.Equal(Outline(local) + "@" + domain, Outline(token[..local.Length]) + token[local.Length..]);
        });

    [Theory]
    [InlineData("john.doe+news@example.com", @"^[0-9a-z]{4}\.[0-9a-z]{3}\+[0-9a-z]{4}@example\.com$")]
    [InlineData("john@other.example", @"^[0-9a-z]{4}@[0-9a-v]{52}\.invalid$")]
    [InlineData("john@a.domain.that.is.longer.example", @"^[0-9a-z]{4}@[0-9a-v]{60}\.[0-9a-v]{17}\.invalid$")]
    [InlineData("jd@example.com", @"^em3_[0-9a-v]+$")]
    [InlineData("jürgen@example.com", @"^em3_[0-9a-v]+$")]
    public void Listed_domains_are_shown_and_others_are_not(string address, string token)
    {
        using ITokenizer tokenizer = s_listed.Tokenizer();
        Assert.Matches(token, tokenizer.Tokenize(address)!);
        Assert.Equal(address, tokenizer.Reveal(tokenizer.Tokenize(address)!));
    }

    [Theory]
    [InlineData("john@shop.example.co.uk", ".co.uk")]
    [InlineData("john@co.uk", ".co.uk")]
    [InlineData("john@www.example.net", ".example.net")]
    [InlineData("john@example.at", ".at")]
    [InlineData("john@intranet", ".invalid")]
    [InlineData("john@[10.0.0.1]", ".invalid")]
    public void Public_suffix_is_the_longest_listed_one_else_the_last_label(string address, string end)
    {
        using ITokenizer tokenizer = s_suffix.Tokenizer();
        string token = tokenizer.Tokenize(address)!;
        Assert.Matches(@"^[0-9a-z]{4}@([0-9a-v]{52}|[0-9a-v]{60}\.[0-9a-v]{17})" + Regex.Escape(end) + "$", token);
    }

    [Fact]
    public void The_same_local_part_at_another_domain_is_another_token()
    {
        using ITokenizer tokenizer = s_listed.Tokenizer();
        Assert.NotEqual(tokenizer.Tokenize("john.doe@example.com")!.Split('@')[0], tokenizer.Tokenize("john.doe@example.org")!.Split('@')[0]);
    }

    [Fact]
    public void Points_moved_in_a_hidden_domain_do_not_open()
    {
        using ITokenizer tokenizer = s_listed.Tokenizer();
        string token = tokenizer.Tokenize("john@other.example")!;
        Assert.Null(tokenizer.Reveal(token.Insert(20, ".")));
        Assert.Null(tokenizer.Reveal(token.Replace(".invalid", ".example", StringComparison.Ordinal)));
        Assert.Null(tokenizer.Reveal("john@other.example"));
    }

    [Theory]
    [InlineData("@example.com")]
    [InlineData("john@")]
    [InlineData("john")]
    [InlineData("")]
    public void What_is_no_address_has_no_token(string value)
    {
        using ITokenizer tokenizer = s_listed.Tokenizer();
        Assert.Null(tokenizer.Tokenize(value));
        Assert.Null(tokenizer.Canonical(value));
    }

    [Fact]
    public void A_format_made_without_a_list_works()
    {
        using ITokenizer tokenizer = (s_format with { Domains = default(ImmutableArray<string>) }).Tokenizer();
        Assert.EndsWith(".invalid", tokenizer.Tokenize("john@example.com"), StringComparison.Ordinal);
    }

    private static string Outline(string text) => string.Concat(text.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? 'x' : c));
}
