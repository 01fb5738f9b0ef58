using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting.PrivacyLossDistributions;

/// <summary>Published values, to the digits given (section 3.5 of the reference).</summary>
public class PrivacyLossDistributionTests
{
    private static readonly LossGrid s_whole = new(1, LossRounding.ConnectTheDots);

    // dp_accounting/pld/pld_privacy_accountant_test.py (3 × σ = √3; 400 × σ = 20, [calc] to more digits),
    // cc/accounting/privacy_loss_distribution_test.cc (40 × σ = 4). The closed form has the digits given; the grid adds a little.
    [Theory]
    [InlineData(3, 3, 1, 0.126936, 1e-6)]
    [InlineData(400, 400, 3, 0.00153718537, 5e-12)]
    [InlineData(16, 40, 10, 3.33762759e-9, 5e-18)]
    public void Gaussian_batches_have_the_published_delta(int variance, int count, double epsilon, double expected, double digits)
    {
        Assert.Equal(expected, GaussianDp.DeltaFor(new Rational(count, variance), epsilon), digits);
        LossGrid grid = new(0.001 / Math.Sqrt(variance), LossRounding.ConnectTheDots);
        PrivacyLossDistribution batch = PrivacyLossDistribution.OfGaussian(new Rational(1, variance), grid).Times(count);
        Assert.InRange(batch.DeltaFor(epsilon), expected - digits, expected * (1 + 1e-5));
    }

    // dp_accounting/pld/privacy_loss_distribution_test.py, Laplace of scale 1 on a grid of 1.
    [Fact]
    public void Laplace_masses_are_the_published_ones()
    {
        LossLaw dots = NoiseLosses.Laplace(1, s_whole);
        Assert.Equal(0.62245933, Mass(dots, 1), 5e-9);
        Assert.Equal(0.14855068, Mass(dots, 0), 5e-9);
        Assert.Equal(0.22898999, Mass(dots, -1), 5e-9);
        LossLaw up = NoiseLosses.Laplace(1, new LossGrid(1, LossRounding.Up));
        Assert.Equal(0.69673467, Mass(up, 1), 5e-9);
        Assert.Equal(0.11932561, Mass(up, 0), 5e-9);
        Assert.Equal(0.18393972, Mass(up, -1), 5e-9);
    }

    // cc/accounting/privacy_loss_distribution_test.cc: masses .2 and .7 at the fourth and second point of a grid of a half.
    [Fact]
    public void Epsilon_of_listed_losses_is_the_published_one()
    {
        LossGrid half = new(0.5, LossRounding.ConnectTheDots);
        PrivacyLossDistribution listed = PrivacyLossDistribution.OfLosses([(2, 0.2), (1, 0.7)], 0.1, half);
        Assert.Equal(0.56358432, listed.EpsilonFor(0.5), 5e-9);
        Assert.Equal(1.30685282, listed.EpsilonFor(0.2), 5e-9);
        Assert.Equal(double.PositiveInfinity, listed.EpsilonFor(0.09));
        Assert.Equal(0, listed.EpsilonFor(0.9));
    }

    // dp_accounting/pld/accountant_test.py: the least Laplace scale for k queries at (1, 1e-4) is 13.6 and 71.0 (± .1); the least a = 1/s
    // of discrete Laplace noise for the 20 is .073.
    [Theory]
    [InlineData(20, 13.6)]
    [InlineData(500, 71.0)]
    public void Laplace_scale_for_many_queries_is_the_published_one(int queries, double scale)
    {
        double Epsilon(double s) =>
            PrivacyLossDistribution.OfLaplace(1 / Rational.FromDouble(s), LossGrid.Standard).Times(queries).EpsilonFor(1e-4);
        Assert.True(Epsilon(scale + 0.1) <= 1);
        Assert.True(Epsilon(scale - 0.1) > 1);
    }

    [Fact]
    public void Discrete_Laplace_parameter_for_many_queries_is_the_published_one()
    {
        static double Epsilon(double a) =>
            PrivacyLossDistribution.OfDiscreteLaplace(1, 1 / Rational.FromDouble(a), LossGrid.Standard).Times(20).EpsilonFor(1e-4);
        Assert.True(Epsilon(0.0725) <= 1);
        Assert.True(Epsilon(0.0735) > 1);
    }

    // dp_accounting/pld/pld_privacy_accountant_test.py: (1, .1) and (2, .2) give δ(3) = .28, which is 1 − .9·.8.
    [Fact]
    public void Approximate_releases_compose_to_the_published_delta()
    {
        PrivacyLossDistribution first = PrivacyLossDistribution.OfApproximate(1, 0.1, s_whole);
        PrivacyLossDistribution both = first.Compose(PrivacyLossDistribution.OfApproximate(2, 0.2, s_whole));
        Assert.Equal(0.28, both.DeltaFor(3), 1e-12);
        Assert.Equal(0.28, both.InfiniteMass, 1e-12);
    }

    // dp_accounting/pld/privacy_loss_mechanism_test.py: the discrete Gaussian cut to [−1, 1] and to [−2, 2], σ = 1.
    [Fact]
    public void Truncated_discrete_Gaussian_has_the_published_values()
    {
        double[] one = Truncated(1);
        Assert.Equal(0.27406862, one[0], 5e-9);
        Assert.Equal(0.7259314, one[0] + one[1], 5e-8);
        Assert.Equal(1, one.Sum(), 1e-15);

        double[] two = Truncated(2);
        PrivacyLossDistribution shifted = PrivacyLossDistribution.OfOutcomes([.. two, 0], [0, .. two], LossGrid.Standard);
        Assert.Equal(0.150574425, shifted.DeltaFor(1), 5e-9);
    }

    // Section 3.2 of the reference: exact ε of compositions of Gaussians at δ = 1e-6.
    [Theory]
    [InlineData(400, 100, 2.25408465022)]
    [InlineData(100, 50, 3.30760072)]
    public void Gaussian_batches_have_the_exact_epsilon_from_above(int variance, int count, double expected)
    {
        double actual = PrivacyLossDistribution.OfGaussian(new Rational(1, variance), LossGrid.Standard).Times(count).EpsilonFor(1e-6);
        Assert.InRange(actual, expected - 5e-9, expected * (1 + 1e-5));
    }

    // 10,000 Gaussians with σ = 100, in closed form ([calc] with 60 digits). Far in the tail too, where a plain transform has no digit.
    [Theory]
    [InlineData(1e-6, 4.8865541174622120059)]
    [InlineData(1e-30, 11.743883025231736)]
    public void Ten_thousand_Gaussians_have_the_exact_epsilon_from_above(double delta, double expected)
    {
        double actual = PrivacyLossDistribution.OfGaussian(new Rational(1, 10_000), LossGrid.Standard).Times(10_000).EpsilonFor(delta);
        Assert.InRange(actual, expected, expected * (1 + 5e-5));
    }

    [Fact]
    public void A_delta_below_the_mass_that_counts_as_infinite_has_no_epsilon()
    {
        PrivacyLossDistribution batch = PrivacyLossDistribution.OfGaussian(new Rational(1, 10_000), LossGrid.Standard).Times(10_000);
        Assert.InRange(batch.InfiniteMass, 1e-36, 1.001e-36);
        Assert.Equal(double.PositiveInfinity, batch.EpsilonFor(1e-37));
    }

    private static double Mass(LossLaw law, int index) => law.Finite.Masses[index - law.Finite.First];

    private static double[] Truncated(int bound)
    {
        DiscreteGaussian noise = new(1);
        double Mass(int x) => noise.UpperTail(Math.Abs(x)) - noise.UpperTail(Math.Abs(x) + 1);
        double[] masses = [.. Enumerable.Range(-bound, (2 * bound) + 1).Select(Mass)];
        return [.. masses.Select(mass => mass / masses.Sum())];
    }

    [Fact]
    public void What_is_missing_of_the_masses_counts_as_an_infinite_loss()
    {
        LossGrid grid = new(1e-3, LossRounding.ConnectTheDots);
        Assert.InRange(PrivacyLossDistribution.OfOutcomes([0.5, 0.5 - 9e-10], [0.5, 0.5], grid).DeltaFor(0.01), 8.999e-10, 9.001e-10);
        // 1 − (1 − 9e-10)^(10^6)
        double many = PrivacyLossDistribution.OfLosses([(0, 1 - 9e-10)], 0, grid).Times(1_000_000).DeltaFor(0.01);
        Assert.InRange(many, 8.9959e-4, 8.9961e-4);
        Assert.Equal(0, PrivacyLossDistribution.OfOutcomes([0.5, 0.5], [0.5, 0.5], grid).InfiniteMass);
    }
}
