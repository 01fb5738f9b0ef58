using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class GaussianDpTests
{
    // The first three: go/noise/gaussian_noise_test.go (σ = 10, Δ = 1 and 5; σ = 0.5), the next three
    // dp_accounting/pld/privacy_loss_mechanism_test.py to its 8 digits; all, and the rest, [calc] with 400 digits.
    [Theory]
    [InlineData(0.1, 0.1, 0.008751768145809594488225)]
    [InlineData(0.5, 1.0986122886681098, 0.004159742234000784797793)]
    [InlineData(2, 0, 0.6826894921370858971705)]
    [InlineData(1, 1, 0.1269367375066439458008)]
    [InlineData(1, 2, 0.0209236358211137314196)]
    [InlineData(3, 1, 0.7876007413603845335929)]
    [InlineData(1e-3, 0.03, 1.656620395042938314028e-202)]
    [InlineData(1e-6, 1e-6, 8.33155122454253922527e-8)]
    [InlineData(1e-6, 3e-5, 1.631981213625701084004e-205)]
    [InlineData(30, 300, 0.9999996539743444735611)]
    [InlineData(30, 450, 0.4867166506460162057257)]
    [InlineData(30, 800, 6.774581869721800534679e-32)]
    [InlineData(25, 1000, 4.175685700088877872565e-167)]
    [InlineData(1, 30, 4.709326318097522196982e-193)]
    [InlineData(0.05, 1.5, 1.726887670237942019595e-200)]
    [InlineData(1e-9, 0, 3.989422804014327027701e-10)]
    [InlineData(6, 0.001, 0.9972988537330395401356)]
    [InlineData(1.4142135623730951, 1, 0.2862082119220965363615)]
    [InlineData(12, 3, 0.9999999914157462657641)]
    public void Delta_is_the_golden_value_rounded_up(double mu, double epsilon, double expected)
    {
        double actual = GaussianDp.DeltaFor(Rational.FromDouble(mu) * Rational.FromDouble(mu), epsilon);
        Assert.InRange(actual, Math.BitDecrement(expected), expected * (1 + 1e-10));
    }

    // The first two: section 3.2 of the reference, σ = 20 × 100 and σ = 10 × 50; the rest [calc] with 60 digits. An exact μ² that is a
    // double.
    [Theory]
    [InlineData(0.25, 1e-6, 2.2540846502197409399)]
    [InlineData(0.5, 1e-6, 3.3076007226126484151)]
    [InlineData(1, 1e-200, 30.591649916020485236)]
    [InlineData(400, 1e-100, 624.78806536929815191)]
    [InlineData(1, 1e-6, 4.8865541174622120059)]
    public void Epsilon_is_the_golden_value_rounded_up(double squaredMu, double delta, double expected)
    {
        double actual = GaussianDp.EpsilonFor(Rational.FromDouble(squaredMu), delta);
        Assert.InRange(actual, expected * (1 - 1e-14), expected * (1 + 1e-10));
    }

    [Fact]
    public void Amounts_of_a_composition_add_exactly()
    {
        Rational hundred = new(0, 1);
        for (int i = 0; i < 100; i++)
            hundred += GaussianDp.SquaredMuOf(1, 400);
        Assert.Equal(new Rational(1, 4), hundred);
        Assert.Equal(2.25408465022, GaussianDp.EpsilonFor(hundred, 1e-6), 1e-11); // section 3.2 of the reference
        Assert.Equal(125_000_000, GaussianDp.RhoOf(hundred).Value);
    }

    [Fact]
    public void Conversions_never_gain_from_going_round() =>
        Gen.Select(Gen.Double[-3, 2.5], Gen.Double[-200, -0.5]).Sample(
            (logEpsilon, logDelta) =>
            {
                double epsilon = Math.Pow(10, logEpsilon);
                double delta = Math.Pow(10, logDelta);
                Rational squared = GaussianDp.SquaredMuFor(epsilon, delta);
                Assert.True(GaussianDp.DeltaFor(squared, epsilon) <= delta);
                Assert.True(GaussianDp.DeltaFor(squared * new Rational(1_000_001, 1_000_000), epsilon) > delta);
                double back = GaussianDp.EpsilonFor(squared, delta);
                Assert.InRange(back, epsilon * (1 - 1e-9), epsilon);
            },
            iter: 60);

    [Fact]
    public void The_exact_account_is_never_above_that_of_zCDP() =>
        Gen.Select(Gen.Double[-6, 4], Gen.Double[0, 20], Gen.Double[-60, -0.5]).Sample(
            (logSquared, epsilon, logDelta) =>
            {
                Rational squared = Rational.FromDouble(Math.Pow(10, logSquared));
                NanoRho rho = GaussianDp.RhoOf(squared);
                Assert.True(GaussianDp.DeltaFor(squared, epsilon) <= Zcdp.DeltaFor(rho, epsilon) * (1 + 1e-9));
                double delta = Math.Pow(10, logDelta);
                Assert.True(GaussianDp.EpsilonFor(squared, delta) <= Zcdp.EpsilonFor(rho, delta) * (1 + 1e-9));
            },
            iter: 100);

    [Fact]
    public void Extremes_are_answered_on_the_careful_side()
    {
        Assert.Equal(0, GaussianDp.DeltaFor(0, 0));
        Assert.Equal(0, GaussianDp.EpsilonFor(0, 1e-6));
        Assert.Equal(1, GaussianDp.DeltaFor(new Rational(System.Numerics.BigInteger.Pow(10, 600), 1), 1));
        Assert.InRange(GaussianDp.DeltaFor(new Rational(1, System.Numerics.BigInteger.Pow(10, 600)), 1), double.Epsilon, 1e-300);
        Assert.InRange(GaussianDp.DeltaFor(1, 1e300), double.Epsilon, 1e-300);
        // ε = μ²/2 + μ·z: δ is about Φ(−z), but no digit of z is left.
        Assert.Equal(1, GaussianDp.DeltaFor(Rational.FromDouble(1e34), 5e33));
        Assert.InRange(GaussianDp.DeltaFor(Rational.FromDouble(1e30), 5.00000000000002e29), 2.75e-89, 1); // z = 20
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("squaredMu", Name(() => GaussianDp.DeltaFor(-1, 1)));
        Assert.Equal("squaredMu", Name(() => GaussianDp.RhoOf(-1)));
        Assert.Equal("squaredL2Sensitivity", Name(() => GaussianDp.SquaredMuOf(0, 1)));
        Assert.Equal("sigmaSquared", Name(() => GaussianDp.SquaredMuOf(1, 0)));
        foreach (double epsilon in (double[])[double.NaN, -1, double.PositiveInfinity])
        {
            Assert.Equal("epsilon", Name(() => GaussianDp.DeltaFor(1, epsilon)));
            Assert.Equal("epsilon", Name(() => GaussianDp.SquaredMuFor(epsilon, 0.1)));
        }
        foreach (double delta in (double[])[double.NaN, 0, -1, 1, double.PositiveInfinity])
        {
            Assert.Equal("delta", Name(() => GaussianDp.EpsilonFor(1, delta)));
            Assert.Equal("delta", Name(() => GaussianDp.SquaredMuFor(1, delta)));
        }
    }
}
