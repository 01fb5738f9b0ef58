using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Calibration;

/// <summary>Scales of discrete noise from (ε, δ), and from an error alone.</summary>
public class ApproximateScaleTests
{
    // The first: section 3.3 of the reference ([calc] of IBM/differential-privacy-library:tests/mechanisms/test_GaussianDiscrete.py, whose
    // 4.00902e-10 this σ = 2 has at ε = 3); the rest [calc] with 60 digits from the sums.
    [Theory]
    [InlineData(4, 1, 3, 1, 4.009028185478355341937e-10)]
    [InlineData(1, 1, 1, 1, 0.1413513394056219080995)]
    [InlineData(1, 1, 1, 3, 0.7822643408969442234112)]
    [InlineData(100, 1, 0.5, 1, 6.93437034751786787311e-9)]
    [InlineData(100, 1, 0, 1, 0.03989422804014326779399)]
    [InlineData(100, 1, 3, 7, 0.000005783890293209706255776)]
    [InlineData(1, 10, 16, 1, 2.033496070034270728695e-9)]
    [InlineData(2500, 1, 0.2, 1, 1.654876934473852420756e-26)]
    [InlineData(2, 1, 60, 4, 1.193515817854118254615e-92)]
    public void Discrete_Gaussian_delta_is_exact_and_rounded_up(long n, long d, double epsilon, int sensitivity, double expected)
    {
        double actual = GaussianScale.DeltaOf(sensitivity, new Rational(n, d), epsilon);
        Assert.InRange(actual, expected * (1 - 1e-15), expected * (1 + 1e-8));
    }

    // dp_accounting/pld/privacy_loss_mechanism_test.py, to its 3 decimals.
    [Theory]
    [InlineData(1, 0.12693674, 1, 1.041)]
    [InlineData(1, 0.12693674, 2, 1.972)]
    [InlineData(16, 1e-5, 1, 0.306)]
    public void Discrete_Gaussian_sigma_is_the_published_one(double epsilon, double delta, int sensitivity, double expected)
    {
        Rational variance = GaussianScale.ForApproximate(sensitivity, epsilon, delta);
        Assert.Equal(expected, Math.Sqrt(variance.ToDoubleUp()), 5e-4);
    }

    [Fact]
    public void Discrete_Gaussian_variance_keeps_the_delta_and_hardly_less_does_not() =>
        Gen.Select(Gen.Int[1, 50], Gen.Double[-2, 1.5], Gen.Double[-100, -1]).Sample(
            (sensitivity, logEpsilon, logDelta) =>
            {
                (double epsilon, double delta) = (Math.Pow(10, logEpsilon), Math.Pow(10, logDelta));
                Rational variance = GaussianScale.ForApproximate(sensitivity, epsilon, delta);
                Assert.True(GaussianScale.DeltaOf(sensitivity, variance, epsilon) <= delta);
                Assert.True(GaussianScale.DeltaOf(sensitivity, variance * new Rational(99_999_999, 100_000_000), epsilon) > delta);
                Assert.True(GaussianScale.EpsilonOf(sensitivity, variance, delta) <= epsilon);
            },
            iter: 30);

    // The discrete law at a wide scale is the continuous one: half a unit against σ = 1e6.
    [Fact]
    public void Discrete_Gaussian_variance_nears_the_continuous_one()
    {
        double discrete = GaussianScale.ForApproximate(1_000_000, 1, 1e-6).ToDoubleUp();
        double continuous = AnalyticGaussian.For(BigInteger.Pow(10, 12), 1, 1e-6).ToDoubleUp();
        Assert.Equal(continuous, discrete, continuous * 1e-9);
    }

    [Fact]
    public void Discrete_Gaussian_delta_grows_with_the_sensitivity() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 2000], Gen.Double[0, 5]).Sample(
            (sensitivity, variance, epsilon) =>
            {
                double greater = GaussianScale.DeltaOf(sensitivity + 1, variance, epsilon);
                Assert.True(GaussianScale.DeltaOf(sensitivity, variance, epsilon) <= greater * (1 + 1e-9));
            },
            iter: 200);

    [Fact]
    public void Discrete_Gaussian_delta_is_never_above_that_of_zCDP() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 2000], Gen.Double[0, 10]).Sample(
            (sensitivity, variance, epsilon) =>
            {
                double exact = GaussianScale.DeltaOf(sensitivity, variance, epsilon);
                double concentrated = Zcdp.DeltaFor(GaussianScale.RhoOf(sensitivity * sensitivity, variance), epsilon);
                Assert.True(exact <= (concentrated * (1 + 1e-6)) + 1e-300);
            },
            iter: 200);

    // By definition, summed over the outcomes: Σ max(0, P(x) − e^ε·P(x − Δ)).
    [Fact]
    public void Discrete_Laplace_delta_is_the_sum_over_the_outcomes() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 40], Gen.Int[1, 8], Gen.Double[0, 3]).Sample((sensitivity, n, d, epsilon) =>
        {
            double a = Math.Exp(-(double)d / n);
            double Mass(int x) => (1 - a) / (1 + a) * Math.Pow(a, Math.Abs(x));
            double expected = 0;
            for (int x = -2000; x <= 2000; x++)
                expected += Math.Max(0, Mass(x) - (Math.Exp(epsilon) * Mass(x - sensitivity)));
            double actual = LaplaceScale.DeltaOf(sensitivity, new Rational(n, d), epsilon);
            Assert.Equal(expected, actual, 1e-12);
        });

    [Fact]
    public void Discrete_Laplace_scale_keeps_the_delta_and_hardly_less_does_not() =>
        Gen.Select(Gen.Long[1, 1L << 40], Gen.Double[-2, 1.5], Gen.Double[-15, -1]).Sample(
            (sensitivity, logEpsilon, logDelta) =>
            {
                (double epsilon, double delta) = (Math.Pow(10, logEpsilon), Math.Pow(10, logDelta));
                Rational scale = LaplaceScale.ForApproximate(sensitivity, epsilon, delta);
                Assert.True(LaplaceScale.DeltaOf(sensitivity, scale, epsilon) <= delta);
                Assert.True(LaplaceScale.DeltaOf(sensitivity, scale * new Rational((1L << 36) - 1, 1L << 36), epsilon) > delta);
                Rational pure = LaplaceScale.ForPure(sensitivity, Rational.FromDouble(epsilon));
                Assert.True(scale <= pure * new Rational((1L << 39) + 1, 1L << 39));
            },
            iter: 50);

    [Fact]
    public void A_Laplace_delta_of_zero_is_pure()
    {
        Assert.Equal(new Rational(6, 1), LaplaceScale.ForApproximate(3, 0.5, 0));
        Assert.Equal(0, LaplaceScale.DeltaOf(3, 6, 0.5));
        Assert.InRange(LaplaceScale.DeltaOf(3, 6, Math.BitDecrement(0.5)), double.Epsilon, 1e-15);
    }

    // opendp/opendp:python/test/test_accuracy.py: their accuracy a is the least with P(|X| ≥ a) ≤ α, so our half-width is t = a − 1.
    [Fact]
    public void Scale_for_an_error_is_the_published_one()
    {
        Assert.Equal(0.797878994872694, Math.Sqrt(GaussianScale.ForError(0, 0.5).ToDoubleDown()), 1e-12);
        Assert.Equal(0.9102392266268373, LaplaceScale.ForError(0, 0.5).ToDoubleDown(), 2e-12); // 1/ln 3
        Assert.Equal(1, new DiscreteGaussian(1).HalfWidth(0.5)); // their accuracy of scale 1 is 2
    }

    [Theory]
    [InlineData(50, 0.95)]
    [InlineData(0, 0.9)]
    [InlineData(250_000, 0.999)]
    public void Scale_for_an_error_is_the_greatest(long error, double confidence)
    {
        Rational more = new((1L << 38) + 1, 1L << 38);
        Rational variance = GaussianScale.ForError(error, confidence);
        Assert.True(new DiscreteGaussian(variance).HalfWidth(1 - confidence) <= error);
        Assert.True(new DiscreteGaussian(variance * more).HalfWidth(1 - confidence) > error);
        Rational scale = LaplaceScale.ForError(error, confidence);
        Assert.True(new DiscreteLaplace(scale).HalfWidth(1 - confidence) <= error);
        Assert.True(new DiscreteLaplace(scale * more).HalfWidth(1 - confidence) > error);
    }

    // cc/algorithms/numerical-mechanisms_test.cc, continuous Laplace of scale 1.5: its cdf at .5 and −.7. On a grid of 2^-44 the discrete
    // law is it, up to half a cell and the 2^-39 by which tails are rounded up.
    [Fact]
    public void Laplace_cdf_is_the_published_one()
    {
        const double Cells = 1L << 44;
        DiscreteLaplace noise = new(new Rational(3L << 43, 1));
        Assert.Equal(0.641734344713105, 1 - noise.UpperTail((long)(0.5 * Cells)), 2e-12);
        Assert.Equal(0.313544542636528, noise.UpperTail((long)(0.7 * Cells)), 2e-12);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("sensitivity", Name(() => GaussianScale.ForApproximate(0, 1, 1e-6)));
        Assert.Equal("sensitivity", Name(() => GaussianScale.DeltaOf(0, 1, 1)));
        Assert.Equal("sensitivity", Name(() => GaussianScale.EpsilonOf(-1, 1, 0.1)));
        Assert.Equal("sensitivity", Name(() => LaplaceScale.ForApproximate(0, 1, 1e-6)));
        Assert.Equal("sensitivity", Name(() => LaplaceScale.DeltaOf(0, 1, 1)));
        Assert.Equal("sigmaSquared", Name(() => GaussianScale.DeltaOf(1, 0, 1)));
        Assert.Equal("sigmaSquared", Name(() => GaussianScale.EpsilonOf(1, -1, 0.1)));
        Assert.Equal("scale", Name(() => LaplaceScale.DeltaOf(1, 0, 1)));
        foreach (double epsilon in (double[])[double.NaN, -1, double.PositiveInfinity])
        {
            Assert.Equal("epsilon", Name(() => GaussianScale.ForApproximate(1, epsilon, 1e-6)));
            Assert.Equal("epsilon", Name(() => GaussianScale.DeltaOf(1, 1, epsilon)));
            Assert.Equal("epsilon", Name(() => LaplaceScale.ForApproximate(1, epsilon, 1e-6)));
            Assert.Equal("epsilon", Name(() => LaplaceScale.DeltaOf(1, 1, epsilon)));
        }
        foreach (double delta in (double[])[double.NaN, -1, 1, double.PositiveInfinity])
        {
            Assert.Equal("delta", Name(() => GaussianScale.ForApproximate(1, 1, delta)));
            Assert.Equal("delta", Name(() => GaussianScale.EpsilonOf(1, 1, delta)));
            Assert.Equal("delta", Name(() => LaplaceScale.ForApproximate(1, 1, delta)));
        }
        Assert.Equal("delta", Name(() => GaussianScale.ForApproximate(1, 1, 0)));
        Assert.Equal("epsilon", Name(() => LaplaceScale.ForApproximate(1, 0, 0)));
        Assert.Equal("epsilon", Name(() => GaussianScale.ForApproximate(BigInteger.One << 100, 1, 1e-6)));
        Assert.Equal("absoluteError", Name(() => GaussianScale.ForError(-1, 0.95)));
        Assert.Equal("confidence", Name(() => LaplaceScale.ForError(1, 1)));
    }
}
