using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

public class AliasTableTests
{
    // Cuts of 2^64 into 256 parts, many of them empty or next to nothing.
    private static readonly Gen<ulong[]> Weights = Gen.Select(Gen.ULong.Array[255], Gen.Int[0, 63]).Select((cuts, shift) =>
    {
        ulong[] sorted = [.. cuts.Select((cut, i) => i % 3 == 0 ? cut >> shift : cut).Order()];
        return (ulong[])[.. sorted.Select((cut, i) => i == 0 ? cut : cut - sorted[i - 1]), unchecked(0 - sorted[^1])];
    });

    [Fact]
    public void Exactly_as_many_words_choose_an_item_as_it_weighs() =>
        Weights.Where(w => w.Aggregate(BigInteger.Zero, (sum, x) => sum + x) == BigInteger.One << 64).Sample(
            weights => Assert.Equal(weights.Select(w => (BigInteger)w), StaircaseTests.WordsTo(new AliasTable(weights))),
            iter: LongRuns.Times(300, 100));

    [Fact]
    public void Equal_weights_and_almost_one_item_alone_are_held()
    {
        ulong[] equal = [.. Enumerable.Repeat(1UL << 56, 256)];
        Assert.Equal(equal.Select(w => (BigInteger)w), StaircaseTests.WordsTo(new AliasTable(equal)));
        ulong[] alone = [.. Enumerable.Repeat(1UL, 255), ulong.MaxValue - 254];
        Assert.Equal(alone.Select(w => (BigInteger)w), StaircaseTests.WordsTo(new AliasTable(alone)));
    }
}
