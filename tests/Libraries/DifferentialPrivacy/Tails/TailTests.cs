using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Tails;

public class TailTests
{
    // A tail is never below the truth and at most this above it (relatively): 2^-39, and the 1e-13 of the direct sums.
    private const double Tolerance = 2e-12;

    // [calc] with 40 digits: sums for σ below 400, Euler–Maclaurin with 8 corrections above.
    [Theory]
    [InlineData(1, 100, 1, 1.928749847963917783e-22)]
    [InlineData(1, 4, 3, 1.1979465897294959081e-8)]
    [InlineData(1, 1, 1, 0.30052886086656914721)]
    [InlineData(1, 1, 6, 6.0850225909724121964e-9)]
    [InlineData(4, 1, 10, 8.0038466847923164111e-7)]
    [InlineData(100, 1, 1, 0.4800528859799283661)]
    [InlineData(100, 1, 61, 7.1300696954582837267e-10)]
    [InlineData(100, 1, 350, 4.0624213421808643041e-268)]
    [InlineData(10_000, 1, 1, 0.49800528859799283661)]
    [InlineData(10_000, 1, 612, 4.8270768927729077711e-10)]
    [InlineData(10_000, 1, 3500, 1.3334000034305276939e-268)]
    [InlineData(1_000_000, 1, 100, 0.4603706423046475849)]
    [InlineData(1_000_000, 1, 6200, 2.8321362244611451436e-10)]
    [InlineData(1_000_000, 1, 37_000, 5.8322252039061526692e-300)]
    [InlineData(100_000_000_000_000, 1, 1, 0.49999998005288597993)]
    [InlineData(100_000_000_000_000, 1, 10_000_000, 0.15865526602999347901)]
    [InlineData(100_000_000_000_000, 1, 61_094_000, 5.00032125970711957e-10)]
    public void Gaussian_tail_is_the_golden_value_rounded_up(long numerator, long denominator, long t, double expected)
    {
        double actual = new DiscreteGaussian(new Rational(numerator, denominator)).UpperTail(t);
        Assert.InRange(actual, Math.BitDecrement(expected), expected * (1 + Tolerance));
    }

    [Fact]
    public void Gaussian_tail_at_the_end_of_the_range_is_the_normal_tail()
    {
        double actual = new DiscreteGaussian(BigInteger.One << 112).UpperTail(1L << 57);
        Assert.InRange(actual, 0.022750131948179207, 0.022750131948179207 * (1 + Tolerance)); // 1 − Φ(2)
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.7)]
    [InlineData(1.9)]
    [InlineData(2.1)]
    [InlineData(7.9)]
    [InlineData(56)]
    [InlineData(112)]
    [InlineData(115)]
    [InlineData(152.5)]
    [InlineData(480)]
    [InlineData(12_345)]
    public void Gaussian_tails_agree_with_direct_sums(double sigma)
    {
        Rational sigmaSquared = Rational.FromDouble(sigma) * Rational.FromDouble(sigma);
        DiscreteGaussian noise = new(sigmaSquared);
        DirectLaw direct = DirectLaw.Gaussian(sigma * sigma);
        foreach (double z in (double[])[-9, -3, -1, -0.1, 0, 0.001, 0.1, 0.5, 1, 1.4, 1.6, 2, 3, 5, 6.2, 9, 20, 36])
        {
            long t = (long)Math.Ceiling(z * sigma);
            double expected = direct.UpperTail(t);
            // The exponent of the direct sum is rounded at 1e-16 of itself, up to 1e-13 in all.
            Assert.InRange(noise.UpperTail(t), expected * (1 - 2e-13), (expected * (1 + Tolerance)) + (t <= 0 ? 1e-12 : 1e-320));
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(7.25)]
    [InlineData(1000)]
    public void Laplace_tails_agree_with_direct_sums(double scale)
    {
        DiscreteLaplace noise = new(Rational.FromDouble(scale));
        DirectLaw direct = DirectLaw.Laplace(scale);
        foreach (double z in (double[])[-20, -1, -0.1, 0, 0.01, 0.5, 1, 3, 20, 200])
        {
            long t = (long)Math.Ceiling(z * scale);
            double expected = direct.UpperTail(t);
            Assert.InRange(noise.UpperTail(t), expected * (1 - 2e-13), (expected * (1 + Tolerance)) + (t <= 0 ? 1e-12 : 1e-320));
        }
    }

    [Fact]
    public void Tails_fall_and_stay_positive_over_the_whole_line()
    {
        IDiscreteNoise[] noises = [new DiscreteGaussian(new Rational(1, 100)), new DiscreteGaussian(1_000_000), new DiscreteLaplace(5)];
        foreach (IDiscreteNoise noise in noises)
        {
            double last = 1;
            foreach (long t in (long[])[long.MinValue, -1_000_000, -3, -1, 0, 1, 2, 100, 40_000, 1L << 40, long.MaxValue])
            {
                double tail = noise.UpperTail(t);
                Assert.InRange(tail, double.Epsilon, last);
                last = tail;
            }
        }
    }

    // [calc]: the least t with P(|X| > t) ≤ α at α = 0.5, 0.05, 0.001, 1e-6, 1e-9.
    [Theory]
    [InlineData(1, 100, 0, 0, 0, 0, 0)]
    [InlineData(1, 4, 0, 1, 1, 2, 3)]
    [InlineData(1, 1, 1, 2, 3, 5, 6)]
    [InlineData(7, 3, 1, 3, 5, 7, 9)]
    [InlineData(100, 1, 7, 20, 33, 49, 61)]
    [InlineData(2500, 1, 34, 98, 165, 245, 305)]
    [InlineData(1_000_000, 1, 674, 1960, 3291, 4892, 6109)]
    [InlineData(10_000_000_000, 1, 67_449, 195_996, 329_053, 489_164, 610_941)]
    [InlineData(100_000_000_000_000, 1, 6_744_898, 19_599_640, 32_905_267, 48_916_385, 61_094_102)]
    public void Gaussian_half_width_is_the_golden_value(
        long numerator, long denominator, long half, long twentieth, long thousandth, long millionth, long billionth)
    {
        DiscreteGaussian noise = new(new Rational(numerator, denominator));
        Assert.Equal(half, noise.HalfWidth(0.5));
        Assert.Equal(twentieth, noise.HalfWidth(0.05));
        Assert.Equal(thousandth, noise.HalfWidth(0.001));
        Assert.Equal(millionth, noise.HalfWidth(1e-6));
        Assert.Equal(billionth, noise.HalfWidth(1e-9));
    }

    // opendp/opendp:python/test/test_accuracy.py. Its accuracy is the least a with P(|X| ≥ a) ≤ α: one more than the half-width.
    [Fact]
    public void Half_widths_are_the_accuracies_of_OpenDP_less_one()
    {
        Assert.Equal(2 - 1, new DiscreteGaussian(1).HalfWidth(0.5));
        Rational sigma = Rational.FromDouble(0.797878994872694);
        Assert.Equal(0.5, 2 * new DiscreteGaussian(sigma * sigma).UpperTail(1), 1e-12);
        Assert.Equal(0.5, 2 * new DiscreteLaplace(Rational.FromDouble(0.9102392266268373)).UpperTail(1), 1e-12);
    }

    [Fact]
    public void Half_width_is_the_least_by_direct_sums() =>
        Gen.Select(Gen.Double[0.1, 300], Gen.Double[0.001, 9], Gen.Bool).Sample((scale, power, gaussian) =>
        {
            double alpha = Math.Pow(10, -power);
            IDiscreteNoise noise = gaussian
                ? new DiscreteGaussian(Rational.FromDouble(scale) * Rational.FromDouble(scale))
                : new DiscreteLaplace(Rational.FromDouble(scale));
            DirectLaw direct = gaussian ? DirectLaw.Gaussian(scale * scale) : DirectLaw.Laplace(scale);
            long t = noise.HalfWidth(alpha);
            Assert.True(2 * direct.UpperTail(t + 1) <= alpha * (1 + 1e-13));
            Assert.True(t == 0 || 2 * direct.UpperTail(t) > alpha * (1 - Tolerance));
        });

    // IBM/differential-privacy-library:tests/mechanisms/test_GaussianDiscrete.py, [calc].
    [Fact]
    public void Delta_of_the_discrete_gaussian_is_the_golden_value() => Assert.Equal(4.009028e-10, Delta(2, 3), 1e-15);

    // google/differential-privacy:python/dp_accounting/dp_accounting/pld/privacy_loss_mechanism_test.py gives σ to three decimals.
    [Theory]
    [InlineData(1.041, 1, 0.12693674)]
    [InlineData(0.306, 16, 1e-5)]
    public void Sigma_of_a_wanted_delta_is_the_golden_value(double sigma, double epsilon, double delta)
    {
        Assert.True(Delta(sigma - 0.0005, epsilon) > delta);
        Assert.True(Delta(sigma + 0.0005, epsilon) < delta);
    }

    // The formula: dg_delta of IBM/discrete-gaussian-differential-privacy:cdp2adp.py.
    private static double Delta(double sigma, double epsilon)
    {
        Rational sigmaSquared = Rational.FromDouble(sigma) * Rational.FromDouble(sigma);
        DiscreteGaussian noise = new(sigmaSquared);
        double middle = epsilon * sigma * sigma;
        double Above(double x) => noise.UpperTail((long)Math.Floor(x) + 1);
        return Above(middle - 0.5) - (Math.Exp(epsilon) * Above(middle + 0.5));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e-301)]
    public void An_alpha_outside_its_range_is_refused_by_name(double alpha)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteGaussian(4).HalfWidth(alpha));
        Assert.Equal("alpha", error.ParamName);
        Assert.Contains("[1e-300, 1)", error.Message, StringComparison.Ordinal);
        Assert.Equal("alpha", Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteLaplace(4).HalfWidth(alpha)).ParamName);
    }

    [Fact]
    public void The_smallest_alpha_is_answered_at_the_ends_of_the_range()
    {
        Assert.InRange(new DiscreteGaussian(BigInteger.One << 112).HalfWidth(1e-300), 36L << 56, 38L << 56);
        Assert.InRange(new DiscreteLaplace(BigInteger.One << 50).HalfWidth(1e-300), 690L << 50, 691L << 50);
        Assert.Equal(0, new DiscreteGaussian(new Rational(1, BigInteger.One << 60)).HalfWidth(1e-300));
    }
}
