using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.ContinualCounting;

public class SquareRootCountingTests
{
    private static readonly NanoRho Half = new(500_000_000);

    // Section 6 of the reference [calc]: ρ = ½, Δ = 1.
    [Theory]
    [InlineData(1024, 3.27)]
    [InlineData(65_536, 4.60)]
    public void Worst_standard_deviation_is_the_golden_value(long steps, double expected)
    {
        SquareRootCounting counting = SquareRootCounting.For(steps, 1, Half);
        Assert.Equal(expected, Math.Sqrt(counting.Variance(steps).ToDoubleUp()), 0.005);
        // σ² = Δ²·Σf²/(2ρ), and the variance of step t is σ²·Σ_(k<t) f².
        double f = 1;
        double squares = 1;
        for (int k = 1; k < steps; k++)
        {
            f *= 1 - (1 / (2.0 * k));
            squares += f * f;
        }
        Assert.Equal(squares, Math.Sqrt(counting.Variance(steps).ToDoubleUp()), 1e-5);
        Assert.Equal(squares, counting.Variance(1).ToDoubleUp(), 1e-5);
        Assert.True(counting.Variance(1) < counting.Variance(2));
        Assert.InRange(counting.Loss.Rho.Value, Half.Value - 1, Half.Value);
    }

    // The proof behind the stream, run: v = F·x + z is what is private, and the sums told come out of v alone, in fixed point, bit for bit.
    [Fact]
    public void The_sums_told_are_computed_from_the_noisy_integers_alone() =>
        Gen.Select(Gen.Long.Array[1, 40], Gen.Int[28, 40]).Sample((values, precision) =>
        {
            long[] coefficients = SquareRootNoise.Coefficients(values.Length, precision);
            DiscreteGaussian law = new(BigInteger.One << (2 * precision));
            ContinualSum stream = new(values.Length, new SquareRootNoise(coefficients, precision, law, new RepeatableBits(4)).Next);
            RepeatableBits bits = new(4);
            List<BigInteger> solved = [];
            for (int t = 0; t < values.Length; t++)
            {
                BigInteger released = law.Sample(bits);
                for (int k = 0; k <= t; k++)
                    released += (BigInteger)coefficients[k] * values[t - k];
                BigInteger rest = released << 32;
                for (int k = 1; k <= t; k++)
                    rest -= coefficients[k] * solved[t - k];
                solved.Add(rest >> precision);
                BigInteger told = (solved.Aggregate(BigInteger.Zero, (sum, x) => sum + x) + (1L << 31)) >> 32;
                Assert.Equal(told, stream.Next(values[t]));
            }
        });

    // f_k = C(2k, k)/4^k, exactly.
    [Fact]
    public void Coefficients_are_the_exact_ones_rounded_down()
    {
        long[] coefficients = SquareRootNoise.Coefficients(300, 40);
        Rational f = 1;
        for (int k = 0; k < coefficients.Length; k++)
        {
            if (k > 0)
                f *= new Rational((2 * k) - 1, 2 * k);
            Assert.Equal((f * (1L << 40)).Floor(), coefficients[k]);
        }
    }

    [Fact]
    public void The_charge_is_the_norm_of_the_rounded_column()
    {
        SquareRootCounting counting = SquareRootCounting.For(50, 7, new NanoRho(1_000_000));
        // Twice as many steps or twice the change would cost more: the loss is not that of one sum alone.
        Assert.InRange(counting.Loss.Rho.Value, 999_999, 1_000_000);
        double one = Math.Sqrt(SquareRootCounting.For(1, 7, new NanoRho(1_000_000)).Variance(1).ToDoubleUp());
        Assert.Equal(7 / Math.Sqrt(2 * 0.001), one, 1e-6);
        Assert.True(Math.Sqrt(counting.Variance(1).ToDoubleUp()) > 1.3 * one);
    }

    // The decoder of the rounded coefficients, in doubles: its squares times σ² are what the variance bounds, by less than 2 %.
    [Fact]
    public void Variance_bounds_that_of_the_exact_decoder()
    {
        const int steps = 500;
        SquareRootCounting counting = SquareRootCounting.For(steps, 1, Half);
        double[] f = [.. SquareRootNoise.Coefficients(steps, 40).Select(x => x / (double)(1L << 40))];
        double sigmaSquared = f.Sum(x => x * x);
        double[] decoder = new double[steps];
        double squares = 0;
        for (int t = 0; t < steps; t++)
        {
            decoder[t] = 1;
            for (int k = 1; k <= t; k++)
                decoder[t] -= f[k] * decoder[t - k];
            squares += decoder[t] * decoder[t];
            Assert.InRange(counting.Variance(t + 1).ToDoubleUp(), sigmaSquared * squares * (1 - 1e-12), sigmaSquared * squares * 1.02);
        }
    }

    // 20,000 streams of 16 steps: the share outside the half-width of step 16 is at most 1 − confidence; 6.5 deviations, a chance below
    // 1e-10. The variance is as stated (allowing for the rounding, 1/12) to 6.5·√(2/20000). The twin without the column's norm, with the
    // noise of a single sum, is rejected.
    [Fact]
    public void Noise_has_the_stated_variance_and_half_width()
    {
        const int streams = 20_000;
        SquareRootCounting counting = SquareRootCounting.For(16, 1, new NanoRho(50_000_000));
        long halfWidth = counting.MarginOfError(16, 0.9);
        double squares = 0;
        int outside = 0;
        for (int i = 0; i < streams; i++)
        {
            ContinualSum stream = counting.Start();
            BigInteger last = 0;
            for (int t = 0; t < 16; t++)
                last = stream.Next(0);
            squares += (double)(last * last);
            outside += BigInteger.Abs(last) > halfWidth ? 1 : 0;
        }
        double variance = counting.Variance(16).ToDoubleUp();
        double allowed = 6.5 * Math.Sqrt(2.0 / streams);
        Assert.InRange(squares / streams, (variance * (1 - allowed)) + (1 / 12.0), (variance * (1 + allowed)) + (1 / 12.0));
        Assert.NotInRange(squares / streams, 10 * (1 - allowed), 10 * (1 + allowed)); // Δ²/(2ρ)
        double deviation = Math.Sqrt(streams * 0.1 * 0.9);
        Assert.True(outside < (streams * 0.1) + (6.5 * deviation));
        Assert.True(outside > streams * 0.07); // not idle either: the grid of integers is coarse against a deviation of about 5
    }

    [Fact]
    public void Half_widths_are_those_of_a_Gaussian()
    {
        SquareRootCounting counting = SquareRootCounting.For(1024, 1000, Half);
        double deviation = Math.Sqrt(counting.Variance(1024).ToDoubleUp());
        Assert.InRange(counting.MarginOfError(1024, 0.95), (1.95996 * deviation) - 1, (1.95997 * deviation) + 1);
        Assert.Equal(0, SquareRootCounting.For(10, 1, new NanoRho(long.MaxValue)).MarginOfError(10, 0.95));
    }

    [Fact]
    public void Sums_pass_the_edges_of_64_bits()
    {
        ContinualSum stream = SquareRootCounting.For(8, 1, Half).Start();
        BigInteger last = 0;
        for (int i = 0; i < 8; i++)
            last = stream.Next(long.MaxValue);
        Assert.True(BigInteger.Abs(last - (8 * (BigInteger)long.MaxValue)) < 1000);
        Assert.Throws<InvalidOperationException>(() => stream.Next(1));
    }

    [Fact]
    public void A_wide_sensitivity_takes_coarser_coefficients_up_to_a_limit()
    {
        SquareRootCounting counting = SquareRootCounting.For(1024, 20_000_000, Half);
        double deviation = Math.Sqrt(counting.Variance(1024).ToDoubleUp());
        Assert.Equal(3.27, deviation / 20_000_000, 0.005);
        Assert.InRange(counting.Loss.Rho.Value, Half.Value - 1, Half.Value);
        Action tooWide = () => SquareRootCounting.For(16, BigInteger.One << 40, Half);
        Assert.Equal("sensitivity", Assert.Throws<ArgumentOutOfRangeException>(tooWide).ParamName);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        foreach (long steps in (long[])[0, -1, long.MinValue, (1L << 20) + 1])
            Assert.Equal("steps", Name(() => SquareRootCounting.For(steps, 1, Half)));
        foreach (BigInteger sensitivity in (BigInteger[])[0, -1])
            Assert.Equal("sensitivity", Name(() => SquareRootCounting.For(10, sensitivity, Half)));
        Assert.Equal("rho", Name(() => SquareRootCounting.For(10, 1, NanoRho.Zero)));
        SquareRootCounting counting = SquareRootCounting.For(10, 1, Half);
        foreach (long step in (long[])[0, -1, 11])
            Assert.Equal("step", Name(() => counting.Variance(step)));
        Assert.Equal("confidence", Name(() => counting.MarginOfError(1, 1)));
    }
}
