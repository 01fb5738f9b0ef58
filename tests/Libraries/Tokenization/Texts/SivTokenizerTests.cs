using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Texts;

public class SivTokenizerTests
{
    private static readonly TokenFormat s_email = new(ValueKind.Email, TokenMethod.Siv);
    private static readonly TokenFormat s_text = new(ValueKind.Text, TokenMethod.Siv);

    [Theory]
    [InlineData(" Ann.Lee@Example.COM ", "ann.lee@example.com")]
    [InlineData("ann@bücher.example", "ann@xn--bcher-kva.example")]
    public void Every_spelling_of_an_address_gets_one_token(string spelling, string canonical)
    {
        using ITokenizer tokenizer = s_email.Tokenizer();
        Assert.Equal(canonical, tokenizer.Canonical(spelling));
        string token = tokenizer.Tokenize(canonical)!;
        Assert.Matches("^em3_[0-9a-v]+$", token);
        Assert.Equal(canonical, tokenizer.Reveal(token));
    }

    [Theory]
    [InlineData(ValueKind.Email, "not an address")]
    [InlineData(ValueKind.Phone, "none")]
    [InlineData(ValueKind.Card, "4111x")]
    [InlineData(ValueKind.Ip, "300.1.1.1")]
    [InlineData(ValueKind.Uuid, "1")]
    [InlineData(ValueKind.Integer, "1.5")]
    [InlineData(ValueKind.NationalId, "A1")]
    public void Value_of_another_kind_has_no_canonical_form(ValueKind kind, string value)
    {
        using ITokenizer tokenizer = new TokenFormat(kind, TokenMethod.Siv).Tokenizer();
        Assert.Null(tokenizer.Canonical(value));
    }

    [Fact]
    public void Any_text_comes_back_and_different_texts_get_different_tokens() =>
        Gen.Select(Gen.String[0, 300], Gen.String[0, 300]).Sample((first, second) =>
        {
            using ITokenizer tokenizer = s_text.Tokenizer();
            (first, second) = (tokenizer.Canonical(first)!, tokenizer.Canonical(second)!);
            string token = tokenizer.Tokenize(first)!;
            Assert.Equal(first, tokenizer.Reveal(token));
            Assert.Equal(first == second, token == tokenizer.Tokenize(second));
        });

    [Fact]
    public void Every_kind_has_a_prefix_of_its_own()
    {
        ValueKind[] kinds = [.. Enum.GetValues<ValueKind>().Where(k => k != ValueKind.Template)];
        string[] prefixes = [.. kinds.Select(kind =>
        {
            using ITokenizer tokenizer = new TokenFormat(kind, TokenMethod.Siv).Tokenizer();
            return tokenizer.Tokenize("1")!.Split('_')[0];
        })];
        Assert.Equal(kinds.Length, prefixes.Distinct().Count());
        Assert.All(prefixes, prefix => Assert.Matches("^[a-z]{2}3$", prefix));
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(16, 31)]
    [InlineData(32, 63)]
    [InlineData(64, 127)]
    public void Tokens_of_lengths_in_one_class_are_equally_long(int shortest, int longest)
    {
        using ITokenizer tokenizer = s_text.Tokenizer();
        int[] lengths = [.. Enumerable.Range(shortest, longest - shortest + 1).Select(n => tokenizer.Tokenize(new string('a', n))!.Length)];
        Assert.Single(lengths.Distinct());
        Assert.True(lengths[0] < tokenizer.Tokenize(new string('a', longest + 1))!.Length);
    }

    [Fact]
    public void An_altered_token_does_not_open() =>
        Gen.Select(
            Gen.Char['a', 'z'].Array[1, 60].Select(c => new string(c)),
            Gen.Int[0, 10_000],
            Gen.Char["0123456789abcdefghijklmnopqrstuvwxyz_"]).Sample((value, at, c) =>
        {
            using ITokenizer tokenizer = s_text.Tokenizer();
            char[] token = tokenizer.Tokenize(value)!.ToCharArray();
            char before = token[at % token.Length];
            token[at % token.Length] = c;
            Assert.Equal(before == c ? value : null, tokenizer.Reveal(new string(token)));
        });

    [Fact]
    public void Tokens_open_only_in_their_field_version_and_tenant()
    {
        using ITokenizer tokenizer = s_text.Tokenizer();
        string token = tokenizer.Tokenize("ann lee")!;
        FieldKeys[] others = [TokenKeys.Of("other"), TokenKeys.Of(version: 4), TokenKeys.Of(tenant: "other")];
        foreach (FieldKeys keys in others)
        {
            using ITokenizer other = s_text.CreateTokenizer(keys);
            Assert.NotEqual(token, other.Tokenize("ann lee"));
            Assert.Null(other.Reveal(token));
        }
        using ITokenizer name = new TokenFormat(ValueKind.Name, TokenMethod.Siv).Tokenizer();
        Assert.Null(name.Reveal("nm3_" + token[4..]));
    }

    /// <summary>The published construction from outside: key label, associated data, padding and text form.</summary>
    [Fact]
    public void A_token_is_aes_siv_of_the_padded_address()
    {
        using AesSiv siv = new(TokenKeys.Derive("siv-token", 64));
        byte[] padded = new byte[16];
        "ann@example.com"u8.CopyTo(padded);
        padded[15] = 0x80;
        byte[] ciphertext = siv.Encrypt(padded, "email"u8.ToArray(), "default"u8.ToArray());
        char[] code = new char[52];
        Base32Hex.Encode(ciphertext, code);
        using ITokenizer tokenizer = s_email.Tokenizer();
        Assert.Equal("em3_" + new string(code), tokenizer.Tokenize("ann@example.com"));
    }

    [Fact]
    public void A_token_does_not_tell_the_join_id_of_its_value()
    {
        using JoinKey join = new(TokenKeys.Derive("siv", JoinKey.Size), "default");
        using ITokenizer tokenizer = s_email.Tokenizer();
        byte[] bytes = new byte[80];
        Assert.True(Base32Hex.TryDecode(tokenizer.Tokenize("ann@example.com").AsSpan(4), bytes, out _));
        Assert.NotEqual(join.Compute(TokenKind.Email, "ann@example.com"), JoinId.Read(bytes.AsSpan(0, 16)));
    }

    [Fact]
    public void Too_long_or_ill_formed_texts_have_no_token()
    {
        using ITokenizer tokenizer = s_text.Tokenizer();
        Assert.NotNull(tokenizer.Tokenize(new string('a', 1_023)));
        Assert.Null(tokenizer.Tokenize(new string('a', 1_024)));
        Assert.Null(tokenizer.Tokenize(new string('ü', 512)));
        Assert.Null(tokenizer.Tokenize("\uD800"));
    }

    [Fact]
    public void A_disposed_tokenizer_makes_no_tokens()
    {
        ITokenizer tokenizer = s_text.Tokenizer();
        tokenizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tokenizer.Tokenize("ann"));
    }
}
