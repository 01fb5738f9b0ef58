using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms;

public class HistogramTests
{
    private static readonly NanoRho Half = new(500_000_000);

    [Fact]
    public void Sensitivities_are_those_of_l0_cells()
    {
        string[] domain = [.. "abcdefgh".Select(c => c.ToString())];
        Assert.Equal(4 * 9, Assert.IsType<DiscreteGaussian>(new Histogram<string>(domain, 4, 3, Half).Noise.Law).SigmaSquared);
        Assert.Equal(4 * 3, Assert.IsType<DiscreteLaplace>(new Histogram<string>(domain, 4, 3, (Rational)1).Noise.Law).Scale);
        Assert.Equal(new PrivacyLoss(Half, AttoDelta.Zero), new Histogram<string>(domain, 4, 3, Half).Loss);
        Assert.Equal(PrivacyLoss.OfPure(1), new Histogram<string>(domain, 4, 3, (Rational)1).Loss);
        // A unit cannot be in more cells than there are.
        Assert.Equal(8 * 3, Assert.IsType<DiscreteLaplace>(new Histogram<string>(domain, 100, 3, (Rational)1).Noise.Law).Scale);
    }

    // All of 1,000 empty cells without noise: P(X = 0)^1000 is below 1e-700. A release of what occurs only would tell which keys do.
    [Fact]
    public void Empty_cells_are_released_with_noise()
    {
        Histogram<int> histogram = new(Enumerable.Range(0, 1000), 1, 1, Half);
        KeyValuePair<int, BigInteger>[] cells = histogram.Release(new Dictionary<int, long>());
        Assert.Equal(Enumerable.Range(0, 1000), cells.Select(c => c.Key));
        Assert.Contains(cells, c => c.Value != 0);
    }

    [Fact]
    public void Keys_outside_the_domain_are_dropped_without_a_trace()
    {
        Histogram<string> histogram = new(["a", "b"], 1, 1, Half);
        Dictionary<string, long> with = new() { ["a"] = 5, ["secret"] = 9 };
        Dictionary<string, long> without = new() { ["a"] = 5 };
        Assert.Equal(histogram.Release(without, new RepeatableBits(1)), histogram.Release(with, new RepeatableBits(1)));
    }

    [Fact]
    public void Counts_at_the_edges_of_64_bits_are_released_exactly() =>
        Gen.OneOf(Gen.Bool.Select(top => top ? long.MaxValue : long.MinValue), Gen.Long).Array[3].Sample(counts =>
        {
            Histogram<int> histogram = new([0, 1, 2], 3, BigInteger.One << 40, new NanoRho(1));
            Dictionary<int, long> byKey = counts.Index().ToDictionary(c => c.Index, c => c.Item);
            KeyValuePair<int, BigInteger>[] cells = histogram.Release(byKey, new RepeatableBits(5));
            KeyValuePair<int, BigInteger>[] noise = histogram.Release(new Dictionary<int, long>(), new RepeatableBits(5));
            for (int i = 0; i < 3; i++)
                Assert.Equal(counts[i], cells[i].Value - noise[i].Value);
        });

    [Fact]
    public void Intervals_of_all_cells_are_wider_than_of_one()
    {
        Histogram<int> histogram = new(Enumerable.Range(0, 100), 1, 1, (Rational)1);
        Assert.Equal(histogram.Noise.MarginOfError(0.95), histogram.MarginOfError(0.95, simultaneous: false));
        Assert.Equal(histogram.Noise.MarginOfError(0.95, 100), histogram.MarginOfError(0.95, simultaneous: true));
        Assert.True(histogram.MarginOfError(0.95, simultaneous: true) > histogram.MarginOfError(0.95, simultaneous: false));
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.ThrowsAny<ArgumentException>(action).ParamName;
        Assert.Equal("domain", Name(() => new Histogram<int>([], 1, 1, Half)));
        Assert.Equal("domain", Name(() => new Histogram<int>([1, 2, 1], 1, 1, Half)));
        Assert.Equal("domain", Name(() => new Histogram<int>(null!, 1, 1, Half)));
        Assert.Equal("l0", Name(() => new Histogram<int>([1], 0, 1, Half)));
        foreach (BigInteger perCell in (BigInteger[])[0, -1, BigInteger.Pow(10, 60)])
        {
            Assert.Equal("perCell", Name(() => new Histogram<int>([1], 1, perCell, Half)));
            Assert.Equal("perCell", Name(() => new Histogram<int>([1], 1, perCell, (Rational)1)));
        }
        Assert.Equal("rho", Name(() => new Histogram<int>([1], 1, 1, NanoRho.Zero)));
        Assert.Equal("epsilon", Name(() => new Histogram<int>([1], 1, 1, (Rational)0)));
        Assert.Equal("counts", Name(() => new Histogram<int>([1], 1, 1, Half).Release(null!)));
    }
}
