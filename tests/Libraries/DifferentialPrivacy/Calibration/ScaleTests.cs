using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Calibration;

public class ScaleTests
{
    private static readonly Gen<BigInteger> Sensitivities = Gen.Long[1, 1L << 60].Select(s => (BigInteger)s);

    [Fact]
    public void Gaussian_scale_is_exact()
    {
        Assert.Equal(new Rational(16, 1), GaussianScale.For(16, NanoRho.RoundUp(0.5)));
        Assert.Equal(new Rational(1_000_000_000, 6), GaussianScale.For(1, new NanoRho(3)));
    }

    [Fact]
    public void Gaussian_scale_and_loss_are_inverse() =>
        Gen.Select(Sensitivities, Gen.Long[1, 1L << 50]).Sample((squared, nano) =>
            Assert.Equal(nano, GaussianScale.RhoOf(squared, GaussianScale.For(squared, new NanoRho(nano))).Value));

    [Fact]
    public void Laplace_scale_never_spends_more_than_given_and_wastes_little() =>
        Gen.Select(Sensitivities, Gen.Long[1, 1L << 50]).Sample((l1, nano) =>
        {
            Rational scale = LaplaceScale.For(l1, new NanoRho(nano));
            Assert.True(LaplaceScale.RhoOf(l1, scale).Value <= nano);
            Rational tighter = scale * new Rational((1L << 39) - 1, 1L << 39);
            Assert.True(l1 * l1 / (2 * tighter * tighter) > new Rational(nano, 1_000_000_000));
        });

    [Fact]
    public void Pure_Laplace_scale_is_exact() => Assert.Equal(new Rational(30, 1), LaplaceScale.ForPure(3, new Rational(1, 10)));

    [Theory]
    [InlineData(1, 50, 0.95)]
    [InlineData(16, 3, 0.99)]
    [InlineData(1_000_000, 250_000, 0.95)]
    [InlineData(1, 0, 0.9)]
    public void Error_target_is_met_by_the_least_loss(long sensitivity, long error, double confidence)
    {
        NanoRho gaussian = GaussianScale.RhoForError(sensitivity, error, confidence);
        Assert.InRange(new DiscreteGaussian(GaussianScale.For(sensitivity, gaussian)).HalfWidth(1 - confidence), 0, error);
        NanoRho less = new(gaussian.Value - 1);
        Assert.True(new DiscreteGaussian(GaussianScale.For(sensitivity, less)).HalfWidth(1 - confidence) > error);

        NanoRho laplace = LaplaceScale.RhoForError(sensitivity, error, confidence);
        Assert.InRange(new DiscreteLaplace(LaplaceScale.For(sensitivity, laplace)).HalfWidth(1 - confidence), 0, error);
        less = new(laplace.Value - 1);
        Assert.True(new DiscreteLaplace(LaplaceScale.For(sensitivity, less)).HalfWidth(1 - confidence) > error);
    }

    [Fact]
    public void A_wide_target_costs_the_least_amount_and_an_unreachable_one_is_refused()
    {
        Assert.Equal(1, GaussianScale.RhoForError(1, 1L << 40, 0.95).Value);
        Assert.Equal(
            "absoluteError",
            Assert.Throws<ArgumentOutOfRangeException>(() => GaussianScale.RhoForError(BigInteger.One << 100, 0, 0.95)).ParamName);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("squaredL2Sensitivity", Name(() => GaussianScale.For(0, new NanoRho(1))));
        Assert.Equal("squaredL2Sensitivity", Name(() => GaussianScale.For(-1, new NanoRho(1))));
        Assert.Equal("rho", Name(() => GaussianScale.For(1, NanoRho.Zero)));
        Assert.Equal("sigmaSquared", Name(() => GaussianScale.RhoOf(1, 0)));
        Assert.Equal("l1Sensitivity", Name(() => LaplaceScale.For(0, new NanoRho(1))));
        Assert.Equal("rho", Name(() => LaplaceScale.For(1, NanoRho.Zero)));
        Assert.Equal("epsilon", Name(() => LaplaceScale.ForPure(1, 0)));
        Assert.Equal("absoluteError", Name(() => GaussianScale.RhoForError(1, -1, 0.95)));
        foreach (double confidence in (double[])[double.NaN, 0, 1, -1, double.PositiveInfinity])
            Assert.Equal("confidence", Name(() => GaussianScale.RhoForError(1, 10, confidence)));
    }
}
