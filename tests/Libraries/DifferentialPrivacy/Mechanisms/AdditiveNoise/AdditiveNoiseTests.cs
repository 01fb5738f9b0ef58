using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms;

public class AdditiveNoiseTests
{
    private static readonly BigInteger[] Edges = [long.MinValue, long.MaxValue, Int128.MinValue, Int128.MaxValue, 0];

    private static readonly Gen<BigInteger> Extreme = Gen.OneOf(
        Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]),
        Gen.Long.Select(x => (BigInteger)x),
        Gen.Select(Gen.Long, Gen.Int[0, 4000]).Select((x, shift) => (BigInteger)x << shift));

    [Fact]
    public void Losses_are_exact_and_from_the_sensitivity()
    {
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(12, 2 * 7)), AttoDelta.Zero), AdditiveNoise.Gaussian(12, 7).Loss);
        Assert.Null(AdditiveNoise.Gaussian(12, 7).Epsilon);
        Assert.Equal(new Rational(12, 7), AdditiveNoise.Laplace(12, 7).Epsilon);
        Assert.Equal(PrivacyLoss.OfPure(new Rational(12, 7)), AdditiveNoise.Laplace(12, 7).Loss);
        Assert.Equal(new NanoRho(123_456), AdditiveNoise.GaussianFor(12, new NanoRho(123_456)).Loss.Rho);
        Assert.Equal(new Rational(1, 3), AdditiveNoise.LaplaceFor(12, new Rational(1, 3)).Epsilon);
    }

    // A vector with l0 = 4 entries changed by 3 each: Δ1 = 12, Δ2² = 36. Taking Δ2 for Δ2², or one entry for the vector, would be noticed
    // here.
    [Fact]
    public void Scales_grow_with_the_sensitivity_of_the_whole_vector()
    {
        DiscreteGaussian gaussian = Assert.IsType<DiscreteGaussian>(AdditiveNoise.GaussianFor(36, new NanoRho(500_000_000)).Law);
        Assert.Equal(36, gaussian.SigmaSquared);
        DiscreteLaplace laplace = Assert.IsType<DiscreteLaplace>(AdditiveNoise.LaplaceFor(12, 1).Law);
        Assert.Equal(12, laplace.Scale);
    }

    // The same bits give the same noise, whatever the values: what is released is the value plus it, for values beyond every machine
    // integer.
    [Fact]
    public void Nothing_overflows_at_the_edges_of_64_bits_and_beyond() =>
        Gen.Select(Extreme.Array[1, 8], Gen.Bool).Sample((values, gaussian) =>
        {
            BigInteger wide = BigInteger.One << (gaussian ? 112 : 50);
            AdditiveNoise noise = gaussian ? AdditiveNoise.Gaussian(1, wide) : AdditiveNoise.Laplace(1, wide);
            BigInteger[] released = noise.Release(values, new RepeatableBits(7));
            BigInteger[] zeros = noise.Release(new BigInteger[values.Length], new RepeatableBits(7));
            Assert.Equal(values, released.Zip(zeros, (x, y) => x - y));
        });

    [Fact]
    public void Machine_integers_and_big_ones_are_released_alike() =>
        Gen.OneOf(Gen.Bool.Select(top => top ? long.MaxValue : long.MinValue), Gen.Long).Array[0, 8].Sample(values =>
        {
            AdditiveNoise noise = AdditiveNoise.Laplace(1, BigInteger.One << 50);
            BigInteger[] big = [.. values.Select(x => (BigInteger)x)];
            Assert.Equal(noise.Release(big, new RepeatableBits(3)), noise.Release(values, new RepeatableBits(3)));
        });

    // That no draw of 1,000 lifts the greatest Int64 above itself has a chance of 2^-1000: a release that wraps or saturates is noticed.
    [Fact]
    public void The_noisy_greatest_Int64_lies_on_both_sides_of_it()
    {
        BigInteger[] released = AdditiveNoise.Gaussian(1, 1_000_000).Release([.. Enumerable.Repeat(long.MaxValue, 1000)]);
        Assert.Contains(released, x => x > long.MaxValue);
        Assert.Contains(released, x => x < long.MaxValue);
        Assert.All(released, x => Assert.True(BigInteger.Abs(x - long.MaxValue) < 100_000));
    }

    // False alarms below 1e-9, see ChiSquare. The twin shares one draw among all values, and is told apart by the differences.
    [Fact]
    public void Each_value_has_noise_of_its_own()
    {
        const int count = 60_000;
        AdditiveNoise noise = AdditiveNoise.Laplace(1, 7);
        long[] draws = [.. noise.Release(new long[count]).Select(x => (long)x)];
        Assert.False(ChiSquare.Rejects(draws, DirectLaw.Laplace(7).UpperTail, 0, 1));
        long shared = (long)noise.Release(BigInteger.Zero);
        Assert.True(ChiSquare.Rejects([.. Enumerable.Repeat(shared, count)], DirectLaw.Laplace(7).UpperTail, 0, 1));
    }

    [Fact]
    public void Half_widths_hold_for_one_value_and_for_all_together()
    {
        AdditiveNoise noise = AdditiveNoise.Gaussian(1, 400);
        DirectLaw law = DirectLaw.Gaussian(400);
        Assert.Equal(39, noise.MarginOfError(0.95)); // 1.96·20
        foreach (int cells in (int[])[1, 2, 10, 1000])
        {
            long halfWidth = noise.MarginOfError(0.95, cells);
            double All(long h) => Math.Pow(1 - (2 * law.UpperTail(h + 1)), cells);
            Assert.True(All(halfWidth) >= 0.95);
            Assert.True(All(halfWidth - 1) < 0.95);
            Assert.True(halfWidth <= noise.Law.HalfWidth(0.05 / cells)); // Bonferroni
        }
    }

    // 20,000 releases of 10 cells each at 90 %: 6.5 standard deviations, a chance below 1e-10. The twin with the half-width of one cell is
    // rejected.
    [Fact]
    public void Simultaneous_intervals_fail_as_seldom_as_promised()
    {
        const int releases = 20_000;
        AdditiveNoise noise = AdditiveNoise.Laplace(1, 30);
        long together = noise.MarginOfError(0.9, 10);
        long alone = noise.MarginOfError(0.9);
        int held = 0;
        int twin = 0;
        for (int i = 0; i < releases; i++)
        {
            BigInteger greatest = noise.Release(new long[10]).Max(BigInteger.Abs);
            held += greatest <= together ? 1 : 0;
            twin += greatest <= alone ? 1 : 0;
        }
        double deviation = Math.Sqrt(releases * 0.9 * 0.1);
        Assert.True(held > (0.9 * releases) - (6.5 * deviation));
        Assert.False(twin > (0.9 * releases) - (6.5 * deviation));
    }

    [Fact]
    public void Intervals_are_rounded_outwards()
    {
        AdditiveNoise noise = AdditiveNoise.Laplace(1, 10);
        long halfWidth = noise.MarginOfError(0.95);
        Assert.Equal(new ConfidenceInterval(100 - halfWidth, 100 + halfWidth), noise.Interval(100, 0.95));
        BigInteger wide = (BigInteger.One << 80) + 1;
        ConfidenceInterval interval = noise.Interval(wide, 0.95);
        Assert.True((BigInteger)interval.Low <= wide - halfWidth);
        Assert.True((BigInteger)interval.High >= wide + halfWidth);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        BigInteger overflowing = BigInteger.Pow(10, 60);
        foreach (BigInteger sensitivity in (BigInteger[])[0, -1, overflowing])
        {
            Assert.Equal("squaredL2Sensitivity", Name(() => AdditiveNoise.Gaussian(sensitivity, 1)));
            Assert.Equal("squaredL2Sensitivity", Name(() => AdditiveNoise.GaussianFor(sensitivity, new NanoRho(1))));
            Assert.Equal("l1Sensitivity", Name(() => AdditiveNoise.Laplace(sensitivity, 1)));
            Assert.Equal("l1Sensitivity", Name(() => AdditiveNoise.LaplaceFor(sensitivity, 1)));
        }
        Assert.Equal("sigmaSquared", Name(() => AdditiveNoise.Gaussian(1, 0)));
        Assert.Equal("rho", Name(() => AdditiveNoise.GaussianFor(1, NanoRho.Zero)));
        Assert.Equal("scale", Name(() => AdditiveNoise.Laplace(1, -1)));
        Assert.Equal("epsilon", Name(() => AdditiveNoise.LaplaceFor(1, 0)));
        AdditiveNoise noise = AdditiveNoise.Laplace(1, 1);
        foreach (double confidence in (double[])[double.NaN, 0, 1, -1, double.PositiveInfinity])
            Assert.Equal("confidence", Name(() => noise.MarginOfError(confidence)));
        Assert.Equal(0, noise.MarginOfError(double.Epsilon));
        Assert.Equal("cells", Name(() => noise.MarginOfError(0.95, 0)));
    }
}
