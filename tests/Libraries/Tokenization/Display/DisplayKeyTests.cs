using System.Text.RegularExpressions;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Display;

public partial class DisplayKeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, DisplayKey.Size).Select(i => (byte)i)];

    [Fact]
    public void Token_tells_kind_and_version_and_nothing_of_the_order_of_ids()
    {
        using DisplayKey key = new(Key, TokenKind.Identifier, 323);
        string[] tokens = [.. Enumerable.Range(1, 1_000).Select(i => key.Token(i))];
        Assert.All(tokens, t => Assert.Matches(Shape(), t));
        Assert.Equal(1_000, tokens.Distinct().Count());
        Assert.NotEqual(tokens, tokens.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Token_is_aes_of_the_id_in_base32hex()
    {
        using DisplayKey key = new(Key, TokenKind.Email, 1);
        byte[] block = new byte[16];
        block[7] = 5;
        byte[] encrypted = new byte[16];
        using PortableAesBlocks aes = new(Key);
        aes.Encrypt(block, encrypted);
        System.Numerics.BigInteger expected = new(encrypted, isUnsigned: true, isBigEndian: true);
        System.Numerics.BigInteger read = 0;
        foreach (char c in key.Token(5)["em1_".Length..])
            read = (read * 32) + "0123456789abcdefghijklmnopqrstuv".IndexOf(c, StringComparison.Ordinal);
        Assert.Equal(expected, read);
    }

    [GeneratedRegex("^sub323_[0-9a-v]{26}$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
