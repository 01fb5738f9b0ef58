using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.ContinualCounting;

public class BinaryTreeCountingTests
{
    private static readonly NanoRho Half = new(500_000_000);

    // Section 6 of the reference [calc]: ρ = ½, Δ = 1. Its worst step counts the blocks of all levels, √(levels·σ²) = levels; no step needs
    // all but n itself, whose one block is the last level's, so the worst one is told with one block less.
    [Theory]
    [InlineData(1024, 11, 32)]
    [InlineData(65_536, 17, 256)]
    public void Worst_standard_deviation_is_the_golden_value(long steps, double expected, double renoising)
    {
        BinaryTreeCounting counting = BinaryTreeCounting.For(steps, 1, Half);
        Assert.Equal((int)expected, counting.Levels);
        Assert.Equal(Rational.FromDouble(expected), counting.SigmaSquared); // Δ²·levels/(2ρ)
        Assert.Equal(expected, Math.Sqrt(counting.Levels * counting.SigmaSquared.ToDoubleUp()), 1e-12);
        Rational worst = Worst(counting);
        Assert.Equal((counting.Levels - 1) * counting.SigmaSquared, worst);
        // Each sum noised on its own, at ρ/n: σ² = n·Δ²/(2ρ).
        Assert.Equal(renoising, Math.Sqrt(GaussianScale.For(1, new NanoRho(500_000_000 / steps)).ToDoubleUp()), renoising * 1e-4);
        Assert.Equal(Half, counting.Loss.Rho);
    }

    // By the blocks themselves: a step lies in the blocks (j·2^k, (j + 1)·2^k] that hold it and are completed by step n.
    [Fact]
    public void A_step_lies_in_as_many_blocks_as_are_charged() =>
        Gen.Int[1, 300].Sample(steps =>
        {
            int most = Enumerable.Range(1, steps).Max(step =>
                Enumerable.Range(0, 10).Count(k => (((step - 1) >> k) + 1) << k <= steps));
            Assert.Equal(most, BinaryTreeCounting.For(steps, 1, Half).Levels);
        });

    // The noise is drawn with repeatable bits: what is left after taking it away are the sums, and block noises are those of the tree.
    [Fact]
    public void Sums_are_exact_but_for_the_noise_of_their_blocks() =>
        Gen.Long.Array[1, 70].Sample(values =>
        {
            BinaryTreeCounting counting = BinaryTreeCounting.For(values.Length, 1, Half);
            ContinualSum stream = counting.Start(new RepeatableBits(11));
            DiscreteGaussian noise = new(counting.SigmaSquared);
            RepeatableBits bits = new(11);
            Dictionary<(int From, int To), BigInteger> blocks = [];
            BigInteger sum = 0;
            for (int t = 1; t <= values.Length; t++)
            {
                int lowest = t & -t;
                blocks[(t - lowest, t)] = noise.Sample(bits);
                BigInteger expected = sum += values[t - 1];
                for (int end = t; end > 0; end -= end & -end)
                    expected += blocks[(end - (end & -end), end)];
                Assert.Equal(expected, stream.Next(values[t - 1]));
                Assert.Equal(t, stream.Step);
            }
        });

    [Fact]
    public void Sums_pass_the_edges_of_64_bits()
    {
        ContinualSum stream = BinaryTreeCounting.For(8, 1, Half).Start();
        BigInteger last = 0;
        for (int i = 0; i < 8; i++)
            last = stream.Next(long.MaxValue);
        Assert.True(BigInteger.Abs(last - (8 * (BigInteger)long.MaxValue)) < 1000);
        ContinualSum wide = BinaryTreeCounting.For(2, 1, Half).Start();
        Assert.True(BigInteger.Abs(wide.Next(BigInteger.One << 1000) - (BigInteger.One << 1000)) < 1000);
        Assert.True(BigInteger.Abs(wide.Next(-BigInteger.One << 1000)) < 1000);
    }

    // Variance of 30,000 streams at step 7 = 4 + 2 + 1: three blocks. The deviation of the estimate is √(2/30000) of it: 6.5 of them, a
    // chance below 1e-9. The twin that noises each sum once, with one block, is rejected.
    [Fact]
    public void Variance_is_that_of_the_blocks()
    {
        const int streams = 30_000;
        BinaryTreeCounting counting = BinaryTreeCounting.For(7, 1, Half);
        double squares = 0;
        for (int i = 0; i < streams; i++)
        {
            ContinualSum stream = counting.Start();
            BigInteger last = 0;
            for (int t = 0; t < 7; t++)
                last = stream.Next(0);
            squares += (double)(last * last);
        }
        double expected = counting.Variance(7).ToDoubleUp();
        Assert.Equal(9, expected);
        double allowed = 6.5 * Math.Sqrt(2.0 / streams);
        Assert.InRange(squares / streams / expected, 1 - allowed, 1 + allowed);
        Assert.NotInRange(squares / streams / (expected / 3), 1 - allowed, 1 + allowed);
    }

    // Exact: the law of three blocks by convolution of the law of one.
    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    [InlineData(25, 1)]
    public void Half_widths_hold_for_sums_of_blocks(int numerator, int denominator)
    {
        BinaryTreeCounting counting = new(7, 1, new Rational(numerator, denominator));
        DirectLaw law = DirectLaw.Gaussian((double)numerator / denominator);
        const int reach = 60;
        double[] one = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(x => law.Probability(x))];
        double[] three = Convolve(Convolve(one, one), one);
        foreach (double confidence in (double[])[0.5, 0.95, 0.999999])
        {
            long halfWidth = counting.MarginOfError(7, confidence);
            double Held(long h) => Enumerable.Range(0, three.Length).Where(i => Math.Abs(i - (3 * reach)) <= h).Sum(i => three[i]);
            Assert.True(Held(halfWidth) >= confidence - 1e-13);
            Assert.True(numerator < denominator || Held(halfWidth - 1) < confidence); // the least, where σ is not tiny
        }
        Assert.Equal(counting.MarginOfError(1, 0.95), new DiscreteGaussian(counting.SigmaSquared).HalfWidth(1 - 0.95));
    }

    [Fact]
    public void A_stream_ends_with_its_last_step()
    {
        ContinualSum stream = BinaryTreeCounting.For(1, 1, Half).Start();
        stream.Next(1);
        Assert.Throws<InvalidOperationException>(() => stream.Next(1));
        Assert.Equal(1, stream.Step);
    }

    [Fact]
    public void A_long_stream_keeps_one_number_a_level()
    {
        BinaryTreeCounting counting = BinaryTreeCounting.For(1L << 62, 1, Half);
        Assert.Equal(63, counting.Levels);
        ContinualSum stream = counting.Start();
        for (int i = 0; i < 1000; i++)
            stream.Next(1);
        Assert.Equal(62, BitOperations.PopCount((1UL << 62) - 1));
        Assert.Equal(62 * counting.SigmaSquared, counting.Variance((1L << 62) - 1));
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        foreach (long steps in (long[])[0, -1, long.MinValue, (1L << 62) + 1])
            Assert.Equal("steps", Name(() => BinaryTreeCounting.For(steps, 1, Half)));
        foreach (BigInteger sensitivity in (BigInteger[])[0, -1, BigInteger.Pow(10, 30)])
        {
            Assert.Equal("sensitivity", Name(() => BinaryTreeCounting.For(10, sensitivity, new NanoRho(1))));
            Assert.Equal("sensitivity", Name(() => new BinaryTreeCounting(10, sensitivity, 1)));
        }
        Assert.Equal("rho", Name(() => BinaryTreeCounting.For(10, 1, NanoRho.Zero)));
        Assert.Equal("sigmaSquared", Name(() => new BinaryTreeCounting(10, 1, 0)));
        BinaryTreeCounting counting = BinaryTreeCounting.For(10, 1, Half);
        foreach (long step in (long[])[0, -1, 11])
            Assert.Equal("step", Name(() => counting.MarginOfError(step, 0.95)));
        Assert.Equal("confidence", Name(() => counting.MarginOfError(1, double.NaN)));
    }

    private static Rational Worst(BinaryTreeCounting counting)
    {
        Rational worst = 0;
        for (long step = 1; step <= counting.Steps; step++)
            worst = counting.Variance(step) is var variance && variance > worst ? variance : worst;
        return worst;
    }

    private static double[] Convolve(double[] left, double[] right)
    {
        double[] result = new double[left.Length + right.Length - 1];
        for (int i = 0; i < left.Length; i++)
        {
            for (int j = 0; j < right.Length; j++)
                result[i + j] += left[i] * right[j];
        }
        return result;
    }
}
