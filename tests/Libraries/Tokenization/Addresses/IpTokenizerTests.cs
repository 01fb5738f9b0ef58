using System.Net;
using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Addresses;

public class IpTokenizerTests
{
    private static readonly TokenMethod[] s_methods = [TokenMethod.IpPrefix, TokenMethod.IpDeterministic, TokenMethod.IpNonDeterministic];

    private static readonly Gen<string> Address =
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Select(b => CanonicalForm.Of(TokenKind.Ip, new IPAddress(b).ToString()));

    [Fact]
    public void Addresses_come_back() =>
        Gen.Select(Gen.OneOf(s_methods), Address).Sample((method, address) =>
        {
            using ITokenizer tokenizer = Tokenizer(method);
            Assert.Equal(address, tokenizer.Reveal(tokenizer.Tokenize(address)!));
        });

    [Fact]
    public void Different_addresses_get_different_tokens() =>
        Gen.Select(Gen.OneOf(TokenMethod.IpPrefix, TokenMethod.IpDeterministic), Address, Address).Sample((method, first, second) =>
        {
            using ITokenizer tokenizer = Tokenizer(method);
            Assert.Equal(first == second, tokenizer.Tokenize(first) == tokenizer.Tokenize(second));
        });

    [Fact]
    public void Addresses_of_one_network_stay_in_one_network()
    {
        using ITokenizer tokenizer = Tokenizer(TokenMethod.IpPrefix);
        string[] networks = [.. Enumerable.Range(0, 50).Select(n => tokenizer.Tokenize($"10.1.2.{n}")!)];
        Assert.Single(networks.Select(a => a[..a.LastIndexOf('.')]).Distinct());
        Assert.Equal(50, networks.Distinct().Count());
        Assert.NotEqual("10.1.2", networks[0][..networks[0].LastIndexOf('.')]);
    }

    [Fact]
    public void Every_non_deterministic_token_is_another_one()
    {
        using ITokenizer tokenizer = Tokenizer(TokenMethod.IpNonDeterministic);
        string first = tokenizer.Tokenize("10.1.2.3")!;
        string second = tokenizer.Tokenize("10.1.2.3")!;
        Assert.NotEqual(first, second);
        Assert.Matches("^ix3_[0-9a-v]{52}$", first);
        Assert.Equal(tokenizer.Reveal(first), tokenizer.Reveal(second));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("010.1.1.1")]
    [InlineData("fe80::1%3")]
    [InlineData("FE80::1")]
    [InlineData("[::1]")]
    [InlineData("::1/128")]
    [InlineData("")]
    public void What_is_no_canonical_address_has_no_token(string value)
    {
        foreach (TokenMethod method in s_methods)
        {
            using ITokenizer tokenizer = Tokenizer(method);
            Assert.Null(tokenizer.Tokenize(value));
            Assert.Null(tokenizer.Reveal(value));
        }
    }

    private static ITokenizer Tokenizer(TokenMethod method) => new TokenFormat(ValueKind.Ip, method).Tokenizer();
}
