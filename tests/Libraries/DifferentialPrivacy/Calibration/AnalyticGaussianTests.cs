using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Calibration;

public class AnalyticGaussianTests
{
    private static readonly double s_ln3 = Math.Log(3);

    // Section 3.2 of the reference, to the digits given: go/noise/gaussian_noise_test.go and
    // dp_accounting/pld/privacy_loss_mechanism_test.py (the last three).
    [Theory]
    [InlineData(10, 1, 0.1, 0.008751768145810, 1e-15)]
    [InlineData(10, 5, -1, 0.004159742234000802, 1e-15)] // their ln 3 is a unit off ours: 16 digits agree but for it
    [InlineData(0.5, 1, 0, 0.6826894921370859, 1e-11)]
    [InlineData(1, 1, 1, 0.12693674, 5e-9)]
    [InlineData(1, 1, 2, 0.02092364, 5e-9)]
    [InlineData(1, 3, 1, 0.78760074, 5e-9)]
    public void Delta_is_the_published_value(double sigma, int sensitivity, double epsilon, double expected, double tolerance)
    {
        Rational variance = Rational.FromDouble(sigma) * Rational.FromDouble(sigma);
        double actual = AnalyticGaussian.DeltaOf(sensitivity * sensitivity, variance, epsilon < 0 ? s_ln3 : epsilon);
        Assert.InRange(actual, expected - tolerance, (expected * (1 + 4e-12)) + tolerance); // rounded up by 2^-40
    }

    // Section 3.2 of the reference, [calc].
    [Theory]
    [InlineData(1, 1e-5, 3.73063163482)]
    [InlineData(1, 1e-6, 4.22467888933)]
    [InlineData(0.5, 1e-6, 8.05761848073)]
    [InlineData(0.1, 1e-6, 36.3046904262)]
    [InlineData(5, 1e-6, 0.980049000309)]
    [InlineData(-3, 1e-5, 3.42466239791)]
    public void Sigma_is_the_published_tight_one(double epsilon, double delta, double expected)
    {
        Rational variance = AnalyticGaussian.For(1, epsilon < 0 ? s_ln3 : epsilon, delta);
        Assert.Equal(expected, Math.Sqrt(variance.ToDoubleUp()), expected * 5e-12);
        Assert.True(AnalyticGaussian.DeltaOf(1, variance, epsilon < 0 ? s_ln3 : epsilon) <= delta);
    }

    // Section 6, "sigma calibration slack": Google's standard deviation is 3.42578125 (cc/algorithms/numerical-mechanisms_test.cc), its
    // variance 28.7648 (go/noise/gaussian_noise_test.go), up to 1e-3 above the tight ones. Ours are below 1e-11 above.
    [Fact]
    public void Sigma_has_no_slack_where_others_have()
    {
        double deviation = Math.Sqrt(AnalyticGaussian.For(1, s_ln3, 1e-5).ToDoubleUp());
        Assert.InRange(deviation, 3.42466239790, 3.42466239792);
        Assert.True(deviation < 3.42578125);
        double variance = AnalyticGaussian.For(1, s_ln3, 1e-10).ToDoubleUp();
        Assert.Equal(28.74553, variance, 5e-6);
        Assert.True(variance < 28.7648);
    }

    [Fact]
    public void Variance_grows_with_the_squared_sensitivity() =>
        Assert.Equal(25 * AnalyticGaussian.For(1, 1, 1e-6), AnalyticGaussian.For(25, 1, 1e-6));

    // go/noise/gaussian_noise_test.go: the quantile of N(0, 2.342354) at 0.0240299 is −4.630457396977453.
    [Fact]
    public void The_published_quantile_has_its_chance() =>
        Assert.Equal(0.0240299, NormalLaw.Upper(4.630457396977453 / 2.342354), 1e-15);

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("squaredL2Sensitivity", Name(() => AnalyticGaussian.For(0, 1, 1e-6)));
        Assert.Equal("epsilon", Name(() => AnalyticGaussian.For(1, double.NaN, 1e-6)));
        Assert.Equal("delta", Name(() => AnalyticGaussian.For(1, 1, 0)));
        Assert.Equal("sigmaSquared", Name(() => AnalyticGaussian.DeltaOf(1, 0, 1)));
    }
}
