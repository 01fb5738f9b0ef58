using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Identifiers;

public class IntegerTokenizerTests
{
    private static readonly Gen<(long Least, long Greatest)> Range =
        Gen.Select(Gen.Long, Gen.Long, (first, second) => (Math.Min(first, second), Math.Max(first, second)))
            .Where(r => (Int128)r.Item2 - r.Item1 >= Ff1.MinDomain - 1);

    [Fact]
    public void Integers_come_back_and_stay_in_their_range() =>
        Gen.Select(
            Gen.OneOf(Range, Gen.Const((-500_000L, 499_999L)), Gen.Const((long.MinValue, long.MaxValue))),
            Gen.ULong,
            Gen.ULong).Sample((range, first, second) =>
        {
            using IntegerTokenizer tokenizer = new(TokenKeys.Of(), range.Item1, range.Item2);
            Int128 size = (Int128)range.Item2 - range.Item1 + 1;
            long one = (long)(range.Item1 + (first % size));
            long other = (long)(range.Item1 + (second % size));
            long token = tokenizer.Tokenize(one);
            Assert.InRange(token, range.Item1, range.Item2);
            Assert.Equal(one, tokenizer.Reveal(token));
            Assert.Equal(one == other, token == tokenizer.Tokenize(other));
        });

    [Fact]
    public void The_smallest_range_is_permuted()
    {
        using IntegerTokenizer tokenizer = new(TokenKeys.Of(), 1, Ff1.MinDomain);
        System.Collections.BitArray seen = new(Ff1.MinDomain + 1);
        for (int n = 1; n <= 100_000; n++)
        {
            int token = (int)tokenizer.Tokenize(n);
            Assert.False(seen[token]);
            seen[token] = true;
        }
    }

    [Theory]
    [InlineData(" +0042", "42")]
    [InlineData("-7", "-7")]
    [InlineData("1.0", null)]
    [InlineData("9223372036854775808", null)]
    public void Every_spelling_has_one_canonical_form(string spelling, string? canonical)
    {
        using IntegerTokenizer tokenizer = new(TokenKeys.Of());
        Assert.Equal(canonical, tokenizer.Canonical(spelling));
    }

    [Fact]
    public void A_value_outside_the_range_has_no_token()
    {
        using IntegerTokenizer tokenizer = new(TokenKeys.Of(), 0, 9_999_999);
        Assert.Null(tokenizer.Tokenize("-1"));
        Assert.Null(tokenizer.Reveal("10000000"));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => tokenizer.Tokenize(-1));
    }

    [Theory]
    [InlineData(0, 999_998)]
    [InlineData(1, 0)]
    [InlineData(long.MaxValue, long.MinValue)]
    public void A_small_range_is_refused(long least, long greatest) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(greatest), () => new IntegerTokenizer(TokenKeys.Of(), least, greatest));
}
