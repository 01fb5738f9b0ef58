using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accuracy;

public class SumAccuracyTests
{
    // Narrow noises are on the integers: the half-width is that of the exact law of the sum.
    [Fact]
    public void Half_width_of_narrow_noises_is_exact() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 6], Gen.Int[-3, 3].Where(w => w != 0), Gen.Double[0.5, 0.999]).Sample(
            (variance, scale, weight, confidence) =>
            {
                DiscreteGaussian gaussian = new(variance);
                DiscreteLaplace laplace = new(scale);
                SumAccuracy accuracy = new([(gaussian, 1), (laplace, weight)], confidence);
                double alpha = 1 - confidence;
                int half = (int)accuracy.HalfWidth;
                Assert.True(OutsideOfSum(gaussian, laplace, Math.Abs(weight), half) <= alpha * (1 + 1e-9));
                Assert.True(half == 0 || OutsideOfSum(gaussian, laplace, Math.Abs(weight), half - 1) > alpha * (1 - 1e-5));
            },
            iter: 60);

    // A sum of two discrete Gaussians of σ = 1e6 is one of σ = √2·1e6, up to far less than is tested. Of two weights it is on a grid.
    [Theory]
    [InlineData(0.95, 1.959963984540054, -1, 1)]
    [InlineData(0.999999, 4.891638475698659, -1, 1)]
    [InlineData(0.95, 1.959963984540054, 2, 6e3)]
    [InlineData(0.999999, 4.891638475698659, 2, 6e3)]
    public void Half_width_of_wide_noises_is_at_most_a_little_above_that_of_the_sum(double confidence, double quantile, int weight, double above)
    {
        DiscreteGaussian noise = new(BigInteger.Pow(10, 12));
        SumAccuracy sum = new([(noise, 1), (noise, weight)], confidence);
        double expected = quantile * Math.Sqrt(1 + (weight * weight)) * 1e6;
        Assert.InRange((double)sum.HalfWidth, expected - 1, expected + above);
    }

    // σ² = 4 is the least that is added up to one Gaussian; 3 is below. The exact law of the sum is convolved here.
    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(4, 5)]
    [InlineData(9, 7)]
    public void Half_width_of_equal_gaussians_is_that_of_the_exact_law(int variance, int count)
    {
        const int Reach = 200;
        DiscreteGaussian noise = new(variance);
        double[] one = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(Mass)];
        double[] sum = one;
        for (int i = 1; i < count; i++)
            sum = [.. Enumerable.Range(0, one.Length).Select(s => Enumerable.Range(0, one.Length).Sum(x => s - x + Reach is >= 0 and < (2 * Reach) + 1 ? sum[x] * one[s - x + Reach] : 0))];
        foreach (double confidence in (double[])[0.5, 0.95, 0.999])
        {
            int half = (int)new SumAccuracy([.. Enumerable.Repeat(((IDiscreteNoise)noise, BigInteger.One), count - 1), (noise, -1)], confidence).HalfWidth;
            Assert.True(Outside(half) <= (1 - confidence) * (1 + 1e-9));
            Assert.True(Outside(half - 1) > (1 - confidence) * (1 - 1e-5));
        }

        double Mass(int x) => noise.UpperTail(Math.Abs(x)) - noise.UpperTail(Math.Abs(x) + 1);
        double Outside(int t) => sum.Where((_, i) => Math.Abs(i - Reach) > t).Sum();
    }

    [Fact]
    public void Thousands_of_wide_gaussians_lose_nothing()
    {
        DiscreteGaussian noise = new(1_000_000);
        double half = (double)new SumAccuracy([.. Enumerable.Repeat(((IDiscreteNoise)noise, BigInteger.One), 10_000)], 0.95).HalfWidth;
        Assert.InRange(half, (1.959963984540054 * 100_000) - 1, (1.959963984540054 * 100_000) + 1);
    }

    [Fact]
    public void One_noise_alone_has_its_own_half_width()
    {
        IDiscreteNoise[] noises = [new DiscreteGaussian(30), new DiscreteLaplace(4), new DiscreteLaplace(new Rational(1, 10))];
        foreach (IDiscreteNoise noise in noises)
            Assert.Equal(noise.HalfWidth(0.05), (long)new SumAccuracy([(noise, 1)], 0.95).HalfWidth);
    }

    [Fact]
    public void Sums_of_many_are_no_wider_than_the_bound_of_variances()
    {
        DiscreteGaussian noise = new(100);
        SumAccuracy accuracy = new([.. Enumerable.Repeat<(IDiscreteNoise, BigInteger)>((noise, 2), 400)], 0.99);
        Assert.InRange((double)accuracy.HalfWidth, (2.5758 * 400) - 1, (2.5758 * 400) + 1); // σ = 2·√(400·100), and steps of 2
    }

    [Fact]
    public void Weights_of_any_size_are_taken()
    {
        SumAccuracy accuracy = new([(new DiscreteGaussian(100), BigInteger.One << 80), (new DiscreteLaplace(5), 1)], 0.95);
        double expected = Math.ScaleB(20, 80);
        Assert.InRange((double)accuracy.HalfWidth, expected * 0.9, expected * 1.1);
        ConfidenceInterval interval = accuracy.Interval(-5);
        Assert.True(interval.Low < -expected * 0.9 && interval.High > expected * 0.9);
    }

    // 20,000 runs at 95 %: a coverage below 93.9 % has a chance below 1e-10 (7 standard deviations). The twin believes that noises of a
    // difference cancel.
    [Fact]
    public void Interval_covers_the_difference_and_a_twin_does_not()
    {
        const int Runs = 20_000;
        DiscreteGaussian first = new(400);
        DiscreteLaplace second = new(10);
        SumAccuracy accuracy = new([(first, 1), (second, -1)], 0.95);
        long twin = Math.Abs(first.HalfWidth(0.05) - second.HalfWidth(0.05));
        long[] a = new long[Runs];
        long[] b = new long[Runs];
        first.Fill(a);
        second.Fill(b);
        (int covered, int twinCovered) = (0, 0);
        for (int i = 0; i < Runs; i++)
        {
            ConfidenceInterval interval = accuracy.Interval(70 + a[i] - b[i]);
            covered += interval.Low <= 70 && 70 <= interval.High ? 1 : 0;
            twinCovered += Math.Abs(a[i] - b[i]) <= twin ? 1 : 0;
        }
        Assert.True(covered > 0.939 * Runs, $"covered {covered}");
        Assert.True(twinCovered < 0.939 * Runs, $"the twin covered {twinCovered}");
    }

    // The exact law is convolved here. From three different terms on the grid may be coarser than the integers.
    [Fact]
    public void Sums_of_several_different_terms_are_never_too_narrow_and_hardly_too_wide() =>
        Gen.Select(Term.Array[1, 5], Gen.Double[0.5, 0.999]).Sample(
            (terms, confidence) =>
            {
                int least = Least(terms, confidence);
                int half = (int)new SumAccuracy(terms, confidence).HalfWidth;
                Assert.InRange(half, least, (least * 1.05) + terms.Length);
            },
            iter: 40);

    [Fact]
    public void Closed_forms_are_never_too_narrow() =>
        Gen.Select(Term.Array[1, 4], Gen.Double[0.05, 0.999]).Sample(
            (terms, confidence) =>
            {
                (IDiscreteNoise, BigInteger, int)[] positive = [.. terms.Select(t => (t.Noise, BigInteger.Abs(t.Weight), 1))];
                int least = Least(terms, confidence);
                Assert.True(SumBound.Chernoff(positive, 1 - confidence) >= least);
                BigInteger? shifted = SumBound.Shifted(positive, 1 - confidence);
                Assert.Equal(terms.All(t => t.Noise is DiscreteGaussian), shifted is not null);
                Assert.True(shifted is null || shifted >= least);
            },
            iter: 40);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sums_of_dozens_of_different_terms_are_never_too_narrow(bool gaussian)
    {
        IDiscreteNoise noise = gaussian ? new DiscreteGaussian(2) : new DiscreteLaplace(1);
        (IDiscreteNoise, BigInteger)[] terms = [.. Enumerable.Range(1, 40).Select(w => (noise, (BigInteger)w))];
        int least = Least(terms, 0.95);
        Assert.InRange((int)new SumAccuracy(terms, 0.95).HalfWidth, least, least * 1.45);
    }

    // A continuous law and a normal one; that of the narrow Laplace noise is scaled.
    [Fact]
    public void Sums_of_eight_wide_noises_are_at_most_a_little_above_the_law_of_the_sum()
    {
        IDiscreteNoise gaussian = new DiscreteGaussian(BigInteger.Pow(10, 12));
        double deviation = 1e6 * Math.Sqrt(Enumerable.Range(1, 8).Sum(w => w * w));
        Assert.InRange((double)new SumAccuracy(Eight(gaussian), 0.95).HalfWidth, 1.959963984540054 * deviation, 1.95997 * deviation);
        double laplace = Least(Eight(new DiscreteLaplace(5)), 0.95) / 5.0;
        Assert.InRange((double)new SumAccuracy(Eight(new DiscreteLaplace(1_000_000)), 0.95).HalfWidth / 1e6, 0.99 * laplace, 1.06 * laplace);
    }

    // Whoever asks for 32 columns of eight terms each waits for 32 times this: the tails were 131,000.
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(30)]
    public void All_terms_of_a_sum_share_one_grid(int terms)
    {
        CountingNoise noise = new(new DiscreteGaussian(BigInteger.Pow(10, 12)));
        Assert.True(new SumAccuracy([.. Enumerable.Range(1, terms).Select(w => ((IDiscreteNoise)noise, (BigInteger)w))], 0.95).HalfWidth > 0);
        Assert.InRange(noise.Tails, 1, 5_000);
    }

    [Fact]
    public void The_unit_of_weights_makes_no_difference() =>
        Gen.Select(Term.Array[1, 5], Gen.Int[2, 1_000_000_000]).Sample(
            (terms, unit) => Assert.Equal(
                unit * new SumAccuracy(terms, 0.95).HalfWidth, new SumAccuracy([.. terms.Select(t => (t.Noise, t.Weight * unit))], 0.95).HalfWidth),
            iter: 20);

    [Fact]
    public void Interval_of_one_noise_is_its_half_width_rounded_outwards()
    {
        DiscreteLaplace noise = new(10);
        long half = noise.HalfWidth(0.1);
        Assert.Equal(new ConfidenceInterval(100 - half, 100 + half), ConfidenceInterval.Of(100, noise, 0.9));
        ConfidenceInterval wide = ConfidenceInterval.Of((BigInteger.One << 60) + 1, noise, 0.9);
        Assert.True(Rational.FromDouble(wide.Low) <= (BigInteger.One << 60) + 1 - half);
        Assert.True(Rational.FromDouble(wide.High) >= (BigInteger.One << 60) + 1 + half);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.ThrowsAny<ArgumentException>(action).ParamName;
        DiscreteGaussian noise = new(1);
        Assert.Equal("terms", Name(() => new SumAccuracy([], 0.95)));
        Assert.Equal("terms", Name(() => new SumAccuracy([(noise, 0)], 0.95)));
        foreach (double confidence in (double[])[double.NaN, 0, 1, 1 - 1e-13])
            Assert.Equal("confidence", Name(() => new SumAccuracy([(noise, 1)], confidence)));
        Assert.Equal("confidence", Name(() => ConfidenceInterval.Of(1, noise, 1)));
    }

    private static Gen<(IDiscreteNoise Noise, BigInteger Weight)> Term { get; } =
        from gaussian in Gen.Bool
        from parameter in Gen.Int[1, 12]
        from weight in Gen.Int[-5, 5].Where(w => w != 0)
        select (gaussian ? (IDiscreteNoise)new DiscreteGaussian(parameter) : new DiscreteLaplace(new Rational(parameter, 4)), (BigInteger)weight);

    private static (IDiscreteNoise, BigInteger)[] Eight(IDiscreteNoise noise) => [.. Enumerable.Range(1, 8).Select(w => (noise, (BigInteger)w))];

    // The least half-width by the exact law, but for chances of 1e-13.
    private static int Least(IEnumerable<(IDiscreteNoise Noise, BigInteger Weight)> terms, double confidence)
    {
        double[] sum = [1];
        int reach = 0;
        foreach ((IDiscreteNoise noise, BigInteger signed) in terms)
        {
            int weight = (int)BigInteger.Abs(signed);
            int far = (int)noise.HalfWidth(1e-14);
            double[] longer = new double[sum.Length + (2 * far * weight)];
            for (int x = -far; x <= far; x++)
            {
                double mass = noise.UpperTail(Math.Abs(x)) - noise.UpperTail(Math.Abs(x) + 1);
                for (int i = 0; i < sum.Length; i++)
                    longer[i + ((x + far) * weight)] += mass * sum[i];
            }
            (sum, reach) = (longer, reach + (far * weight));
        }
        double outside = 0;
        int half = reach;
        while (half > 0 && outside + sum[reach + half] + sum[reach - half] <= (1 - confidence) * (1 - 1e-9))
        {
            outside += sum[reach + half] + sum[reach - half];
            half--;
        }
        return half;
    }

    // P(|X + w·Y| > t).
    private static double OutsideOfSum(DiscreteGaussian x, DiscreteLaplace y, int weight, int t)
    {
        double outside = 0;
        for (int k = -300; k <= 300; k++)
        {
            double mass = y.UpperTail(Math.Abs(k)) - y.UpperTail(Math.Abs(k) + 1);
            outside += 2 * mass * x.UpperTail(t + 1 - (weight * k));
        }
        return outside;
    }
}
