using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting.PrivacyLossDistributions;

public class PrivacyLossPropertyTests
{
    private static readonly LossGrid s_coarse = new(0.01, LossRounding.ConnectTheDots);

    // The step is a twentieth of the narrowest loss: variances grow by (1/20)²/6 at most.
    [Fact]
    public void Gaussian_account_is_above_the_closed_form_and_near_it() =>
        Gen.Select(Gen.Double[-2, 0.5], Gen.Int[1, 2000], Gen.Double[-30, -1]).Sample(
            (logMu, count, logDelta) =>
            {
                double mu = Math.Pow(10, logMu);
                double delta = Math.Pow(10, logDelta);
                Rational squared = Rational.FromDouble(mu) * Rational.FromDouble(mu);
                LossGrid grid = new(mu / 20, LossRounding.ConnectTheDots);
                PrivacyLossDistribution batch = PrivacyLossDistribution.OfGaussian(squared, grid).Times(count);
                double exact = GaussianDp.EpsilonFor(squared * count, delta);
                double epsilon = batch.EpsilonFor(delta);
                Assert.InRange(epsilon, exact * (1 - 1e-12), (exact * 1.001) + (mu * 1e-3));
                Assert.True(batch.DeltaFor(exact) >= delta * (1 - 1e-9));
            },
            iter: LongRuns.Times(40, 25));

    // What is answered for ε holds for δ and back, both ways round.
    [Fact]
    public void Conversions_never_gain_from_going_round() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 20], Gen.Double[-20, -1]).Sample(
            (scale, count, logDelta) =>
            {
                double delta = Math.Pow(10, logDelta);
                PrivacyLossDistribution batch = PrivacyLossDistribution.OfDiscreteLaplace(3, scale, s_coarse).Times(count);
                double epsilon = batch.EpsilonFor(delta);
                Assert.True(batch.DeltaFor(epsilon) <= delta * (1 + 1e-6), $"{batch.DeltaFor(epsilon)} {delta} {epsilon}");
                Assert.True(epsilon <= (3.0 * count / scale) + (0.01 * count));
                if (epsilon > 0)
                    Assert.True(batch.DeltaFor(epsilon * (1 - 1e-6)) >= delta * (1 - 1e-6));
            },
            iter: 60);

    [Fact]
    public void Composition_commutes_and_associates() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Double[0.05, 1], Gen.Double[0, 4]).Sample(
            (n, m, mu, epsilon) =>
            {
                PrivacyLossDistribution gaussian = PrivacyLossDistribution.OfGaussian(Rational.FromDouble(mu * mu), s_coarse);
                PrivacyLossDistribution laplace = PrivacyLossDistribution.OfLaplace(new Rational(1, n), s_coarse).Times(m);
                PrivacyLossDistribution outcomes = PrivacyLossDistribution.OfOutcomes([0.1, 0.6, 0.3], [0.2, 0.7, 0.1], s_coarse);
                double one = gaussian.Compose(laplace).Compose(outcomes).DeltaFor(epsilon);
                Assert.Equal(one, outcomes.Compose(laplace.Compose(gaussian)).DeltaFor(epsilon), one * 1e-6);
                Assert.Equal(one, laplace.Compose(outcomes).Compose(gaussian).DeltaFor(epsilon), one * 1e-6);
                Assert.True(one >= gaussian.Compose(laplace).DeltaFor(epsilon) * (1 - 1e-6)); // more releases never cost less
            },
            iter: 40);

    [Fact]
    public void Composing_with_itself_is_the_power()
    {
        PrivacyLossDistribution one = PrivacyLossDistribution.OfApproximate(0.3, 1e-4, s_coarse);
        PrivacyLossDistribution four = one.Compose(one).Compose(one.Compose(one));
        Assert.Equal(one.Times(4).DeltaFor(0.5), four.DeltaFor(0.5), 1e-15);
        Assert.Equal(-Math.Exp(4 * Math.Log(1 - 1e-4)) + 1, four.InfiniteMass, 1e-15);
    }

    // Sums over the outcomes of the product, by definition: δ(ε) of both directions.
    [Fact]
    public void Outcomes_have_the_delta_of_the_definition_from_above() =>
        Gen.Select(Gen.Double[0.001, 1].Array[4], Gen.Double[0.001, 1].Array[4], Gen.Double[0, 3]).Sample(
            (first, second, epsilon) =>
            {
                second[0] = 0; // an outcome that gives the input away
                double[] p = [.. first.Select(x => x / first.Sum())];
                double[] q = [.. second.Select(x => x / second.Sum())];
                double There(double[] a, double[] b)
                {
                    double sum = 0;
                    for (int i = 0; i < 4; i++)
                    {
                        for (int j = 0; j < 4; j++)
                            sum += Math.Max(0, (a[i] * a[j]) - (Math.Exp(epsilon) * b[i] * b[j]));
                    }
                    return sum;
                }
                double expected = Math.Max(There(p, q), There(q, p));
                LossGrid grid = new(1e-3, LossRounding.ConnectTheDots);
                PrivacyLossDistribution twice = PrivacyLossDistribution.OfOutcomes(p, q, grid).Times(2);
                Assert.InRange(twice.DeltaFor(epsilon), expected * (1 - 1e-12), expected + 1e-3);
            },
            iter: 200);

    // A mass of 1e-40 at a loss of 80, far from all others: the tilt that reaches it is small, and the one that a normal law would need is
    // enormous.
    [Fact]
    public void A_rare_loss_far_out_does_not_mislead_the_tilt()
    {
        double[] first = [1 - 0.02 - 1e-40, 0.02, 1e-40];
        double[] second = [1 - 0.01 - 1e-75, 0.01, 1e-75];
        PrivacyLossDistribution twice = PrivacyLossDistribution.OfOutcomes(first, second, s_coarse).Times(2);
        // By hand at ε = 1: two of the second outcome (loss 2·ln 2), or any with the third.
        double expected = (0.02 * 0.02) - (Math.E * 0.01 * 0.01);
        Assert.InRange(twice.DeltaFor(1), expected, expected * 1.01);
        Assert.InRange(twice.DeltaFor(2), 2e-40, 1e-13); // where nothing lies near ε the transform's own error is what is left
    }

    [Fact]
    public void Discrete_noise_has_its_closed_delta_from_above() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 3000], Gen.Double[0, 3]).Sample(
            (sensitivity, variance, epsilon) =>
            {
                LossGrid grid = new(1e-3, LossRounding.ConnectTheDots);
                double gaussian = GaussianScale.DeltaOf(sensitivity, variance, epsilon);
                double account = PrivacyLossDistribution.OfDiscreteGaussian(sensitivity, variance, grid).DeltaFor(epsilon);
                Assert.InRange(account, gaussian * (1 - 1e-6) - 1e-300, (gaussian * 1.01) + 1e-6);
                double laplace = LaplaceScale.DeltaOf(sensitivity, variance, epsilon);
                account = PrivacyLossDistribution.OfDiscreteLaplace(sensitivity, variance, grid).DeltaFor(epsilon);
                Assert.InRange(account, laplace * (1 - 1e-12), (laplace * 1.01) + 1e-6);
            },
            iter: 100);

    // On the grid the dots are exact, so that rounding up never gains; and a wide sensitivity is taken in groups, from above.
    [Fact]
    public void Rounding_up_costs_more_and_groups_cost_little()
    {
        Rational squared = new(1, 25);
        double dots = PrivacyLossDistribution.OfGaussian(squared, s_coarse).Times(30).EpsilonFor(1e-6);
        double up = PrivacyLossDistribution.OfGaussian(squared, new LossGrid(0.01, LossRounding.Up)).Times(30).EpsilonFor(1e-6);
        Assert.InRange(up, dots, dots + (30 * 0.01));

        BigInteger wide = BigInteger.Pow(10, 12);
        double grouped = PrivacyLossDistribution.OfDiscreteLaplace(wide, wide, s_coarse).Times(10).EpsilonFor(1e-6);
        double continuous = PrivacyLossDistribution.OfLaplace(1, s_coarse).Times(10).EpsilonFor(1e-6);
        Assert.Equal(continuous, grouped, 1e-3);
    }

    [Fact]
    public void Exact_accounts_are_below_Renyi_accounts() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 200], Gen.Double[-12, -2]).Sample(
            (scale, count, logDelta) =>
            {
                double delta = Math.Pow(10, logDelta);
                LossGrid grid = new(0.01 / scale, LossRounding.ConnectTheDots);
                double distribution = PrivacyLossDistribution.OfLaplace(new Rational(1, scale), grid).Times(count).EpsilonFor(delta);
                double renyi = RenyiDp.OfLaplace(new Rational(1, scale), RenyiDp.StandardOrders).Times(count).EpsilonFor(delta);
                Assert.True(distribution <= (renyi * 1.002) + 1e-6, $"{distribution} {renyi}");
            },
            iter: 40);

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.ThrowsAny<ArgumentException>(action).ParamName;
        Assert.Equal("step", Name(() => new LossGrid(0, LossRounding.Up)));
        Assert.Equal("step", Name(() => new LossGrid(double.NaN, LossRounding.Up)));
        Assert.Equal("rounding", Name(() => new LossGrid(1, (LossRounding)7)));
        Assert.Equal("grid", Name(() => PrivacyLossDistribution.OfGaussian(1, new LossGrid(1e-9, LossRounding.Up))));
        Assert.Equal("squaredMu", Name(() => PrivacyLossDistribution.OfGaussian(0, s_coarse)));
        Assert.Equal("sensitivity", Name(() => PrivacyLossDistribution.OfDiscreteGaussian(0, 1, s_coarse)));
        Assert.Equal("sigmaSquared", Name(() => PrivacyLossDistribution.OfDiscreteGaussian(1, 1L << 35, s_coarse)));
        Assert.Equal("epsilon", Name(() => PrivacyLossDistribution.OfLaplace(0, s_coarse)));
        Assert.Equal("sensitivity", Name(() => PrivacyLossDistribution.OfDiscreteLaplace(0, 1, s_coarse)));
        Assert.Equal("scale", Name(() => PrivacyLossDistribution.OfDiscreteLaplace(1, 0, s_coarse)));
        Assert.Equal("epsilon", Name(() => PrivacyLossDistribution.OfApproximate(double.NaN, 0, s_coarse)));
        Assert.Equal("delta", Name(() => PrivacyLossDistribution.OfApproximate(1, 1, s_coarse)));
        Assert.Equal("second", Name(() => PrivacyLossDistribution.OfOutcomes([1], [0.5, 0.5], s_coarse)));
        Assert.Equal("first", Name(() => PrivacyLossDistribution.OfOutcomes([0.5, 0.4], [0.5, 0.5], s_coarse)));
        Assert.Equal("second", Name(() => PrivacyLossDistribution.OfOutcomes([0.5, 0.5], [1.5, -0.5], s_coarse)));
        Assert.Equal("losses", Name(() => PrivacyLossDistribution.OfLosses([], 0.5, s_coarse)));
        Assert.Equal("losses", Name(() => PrivacyLossDistribution.OfLosses([(double.NaN, 1)], 0, s_coarse)));
        Assert.Equal("infiniteMass", Name(() => PrivacyLossDistribution.OfLosses([(1, 0)], 1, s_coarse)));
        PrivacyLossDistribution one = PrivacyLossDistribution.OfApproximate(1, 0, s_coarse);
        Assert.Equal("other", Name(() => one.Compose(PrivacyLossDistribution.OfApproximate(1, 0, LossGrid.Standard))));
        Assert.Equal("count", Name(() => one.Times(0)));
        Assert.Equal("epsilon", Name(() => one.DeltaFor(-1)));
        Assert.Equal("delta", Name(() => one.EpsilonFor(0)));
        Assert.Throws<OverflowException>(() => one.Times(int.MaxValue).Times(2));
    }
}
