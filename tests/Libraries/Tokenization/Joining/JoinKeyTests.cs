using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Joining;

public class JoinKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, JoinKey.Size).Select(i => (byte)i)];

    [Fact]
    public void Join_ids_are_equal_exactly_if_kind_and_canonical_form_are()
    {
        using JoinKey key = new(Key, "acme");
        // Few characters, so that canonical forms do meet.
        Gen<string> near = Gen.Char["aA@. 1+Éé"].Array[0, 6].Select(c => new string(c));
        Gen.Select(Gen.Enum<TokenKind>(), near, Gen.Enum<TokenKind>(), near).Sample((kind, raw, otherKind, other) =>
        {
            bool same = kind == otherKind && CanonicalForm.Of(kind, raw) == CanonicalForm.Of(otherKind, other);
            Assert.Equal(same, key.Compute(kind, raw) == key.Compute(otherKind, other));
        });
    }

    [Fact]
    public void Join_id_is_the_synthetic_iv_over_the_canonical_form()
    {
        using JoinKey key = new(Key, "acme");
        using AesSiv siv = new(Key);
        Gen.String[0, 400].Sample(raw =>
        {
            byte[] canonical = Encoding.UTF8.GetBytes(CanonicalForm.Of(TokenKind.Text, raw));
            byte[] ciphertext = siv.Encrypt(canonical, "text"u8.ToArray(), "acme"u8.ToArray());
            Assert.Equal(ciphertext[..16], key.Compute(TokenKind.Text, raw).ToArray());
        });
    }

    [Fact]
    public void Tenants_and_keys_share_no_join_id()
    {
        using JoinKey acme = new(Key, "acme");
        using JoinKey globex = new(Key, "globex");
        using JoinKey other = new(RandomNumberGenerator.GetBytes(JoinKey.Size), "acme");
        JoinId id = acme.Compute(TokenKind.Email, "user@example.com");
        Assert.NotEqual(id, globex.Compute(TokenKind.Email, "user@example.com"));
        Assert.NotEqual(id, other.Compute(TokenKind.Email, "user@example.com"));
    }

    [Fact]
    public void Join_id_survives_its_bytes()
    {
        using JoinKey key = new(Key, "acme");
        JoinId id = key.Compute(TokenKind.Text, "x");
        Assert.Equal(id, JoinId.Read(id.ToArray()));
        Assert.Throws<ArgumentException>(() => JoinId.Read(new byte[15]));
    }

    [Fact]
    public void One_key_serves_many_threads()
    {
        using JoinKey key = new(Key, "acme");
        string[] values = [.. Enumerable.Range(0, 200).Select(i => $"user{i}@example.com")];
        JoinId[] expected = [.. values.Select(v => key.Compute(TokenKind.Email, v))];
        Parallel.For(0, 4_000, i => Assert.Equal(expected[i % 200], key.Compute(TokenKind.Email, values[i % 200])));
    }
}
