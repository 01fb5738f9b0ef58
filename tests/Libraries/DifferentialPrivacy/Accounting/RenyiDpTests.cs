using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class RenyiDpTests
{
    private static readonly ImmutableArray<double> s_standard = RenyiDp.StandardOrders;
    private static readonly ImmutableArray<double> s_dense = [.. Enumerable.Range(1, 8000).Select(i => 1 + (i / 100.0))];

    // dp_accounting/rdp/rdp_privacy_accountant_test.py: a bound of 1.1 at the orders 2..32. Randomised response has less at each.
    [Fact]
    public void Pure_epsilon_is_the_published_one_and_ours_is_tighter()
    {
        ImmutableArray<double> orders = [.. Enumerable.Range(2, 31).Select(order => (double)order)];
        Assert.Equal(1.32783806176, RenyiDp.Of(orders, [.. orders.Select(_ => 1.1)]).EpsilonFor(1e-5), 5e-12);
        Assert.InRange(RenyiDp.OfPure(new Rational(11, 10), orders).EpsilonFor(1e-5), 1.1, 1.32);
    }

    // Same file: Gaussian noise of σ = 4.530877117 has ε = 1 at δ = 1e-6 (by the best order: it is cdp_rho(1, 1e-6) of section 3.4).
    [Fact]
    public void Gaussian_epsilon_is_the_published_one()
    {
        Rational sigma = Rational.FromDouble(4.530877117);
        Assert.Equal(1, RenyiDp.OfGaussian(1 / (sigma * sigma), s_dense).EpsilonFor(1e-6), 1e-7);
        Assert.InRange(RenyiDp.OfGaussian(1 / (sigma * sigma), s_standard).EpsilonFor(1e-6), 1, 1.001);
    }

    // Same file: the exponential mechanism of ε = 1 at the order 1.
    [Fact]
    public void Exponential_mechanism_has_the_published_divergence() =>
        Assert.Equal(0.123301561, RenyiDp.OfBoundedRange(1, [1.0]).Divergences[0], 5e-10);

    // By definition, from the densities; a hundred thousand steps of the midpoint rule for Laplace noise.
    [Theory]
    [InlineData(0.3, 1.5)]
    [InlineData(1, 2)]
    [InlineData(2, 8)]
    [InlineData(1, 1.01)]
    public void Divergences_are_those_of_the_definition(double epsilon, double order)
    {
        Rational exact = Rational.FromDouble(epsilon);
        double p = 1 / (1 + Math.Exp(-epsilon));
        double response = (p * Math.Exp((order - 1) * epsilon)) + ((1 - p) * Math.Exp((1 - order) * epsilon));
        Assert.Equal(Math.Log(response) / (order - 1), RenyiDp.OfPure(exact, [order]).Divergences[0], 1e-10);

        const int Steps = 100_000;
        double inside = 0;
        for (int i = 0; i < Steps; i++)
        {
            double x = epsilon * (i + 0.5) / Steps; // P at 0, Q at ε, scale 1
            inside += 0.5 * Math.Exp((-order * x) + ((order - 1) * (epsilon - x))) * epsilon / Steps;
        }
        double outside = (0.5 * Math.Exp((order - 1) * epsilon)) + (0.5 * Math.Exp(-order * epsilon));
        Assert.Equal(Math.Log(inside + outside) / (order - 1), RenyiDp.OfLaplace(exact, [order]).Divergences[0], 1e-8);

        double greatest = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double t = epsilon * i / Steps;
            double lower = (Math.Exp(t) - 1) / (Math.Exp(epsilon) - 1);
            double moment = ((1 - lower) * Math.Exp((order - 1) * t)) + (lower * Math.Exp((order - 1) * (t - epsilon)));
            greatest = Math.Max(greatest, Math.Log(moment) / (order - 1));
        }
        Assert.Equal(greatest, RenyiDp.OfBoundedRange(exact, [order]).Divergences[0], 1e-9);
    }

    // exponential mechanism ≤ ε²/8-zCDP, Laplace ≤ randomised response ≤ ε²/2-zCDP and ≤ ε; they rise with the order.
    [Fact]
    public void Divergences_are_ordered() =>
        Gen.Double[-6, 2.5].Sample(logEpsilon =>
        {
            Rational epsilon = Rational.FromDouble(Math.Pow(10, logEpsilon));
            ImmutableArray<double> orders = s_standard.Insert(0, 1);
            RenyiDp range = RenyiDp.OfBoundedRange(epsilon, orders);
            RenyiDp laplace = RenyiDp.OfLaplace(epsilon, orders);
            RenyiDp pure = RenyiDp.OfPure(epsilon, orders);
            RenyiDp zcdp = RenyiDp.OfZcdp(Zcdp.OfPure(epsilon), orders);
            RenyiDp quarter = RenyiDp.OfZcdp(PrivacyLoss.OfBoundedRange(epsilon).Rho, orders);
            const double Less = 1 + 1e-11;
            for (int i = 0; i < orders.Length; i++)
            {
                double room = 1e-14 * (1 + epsilon.ToDoubleUp()); // errors are added where terms cancel
                Assert.True(range.Divergences[i] <= quarter.Divergences[i] * Less);
                Assert.True(range.Divergences[i] <= (pure.Divergences[i] * Less) + (room / Math.Max(1e-3, orders[i] - 1)));
                Assert.True(laplace.Divergences[i] <= (pure.Divergences[i] * Less) + room);
                Assert.True(pure.Divergences[i] <= (zcdp.Divergences[i] * 1.001 * Less) + room); // at 1.001 where the order is between
                Assert.True(pure.Divergences[i] <= epsilon.ToDoubleUp() * Less);
                Assert.True(i == 0 || pure.Divergences[i] >= (pure.Divergences[i - 1] / Less) - room);
                Assert.True(i == 0 || laplace.Divergences[i] >= (laplace.Divergences[i - 1] / Less) - room);
            }
        });

    [Fact]
    public void Exact_is_below_zCDP_and_zCDP_below_fixed_orders() =>
        Gen.Select(Gen.Int[1, 2000], Gen.Double[-12, -1]).Sample((count, logDelta) =>
        {
            double delta = Math.Pow(10, logDelta);
            Rational squared = new(count, 400);
            double exact = GaussianDp.EpsilonFor(squared, delta);
            double concentrated = Zcdp.EpsilonFor(GaussianDp.RhoOf(squared), delta);
            double renyi = RenyiDp.OfGaussian(new Rational(1, 400), s_standard).Times(count).EpsilonFor(delta);
            Assert.True(exact <= concentrated && concentrated <= renyi * (1 + 1e-9));
            Assert.True(RenyiDp.OfZcdp(GaussianDp.RhoOf(squared), s_standard).EpsilonFor(delta) >= renyi * (1 - 1e-6));
        });

    [Fact]
    public void Conversions_never_gain_from_going_round() =>
        Gen.Select(Gen.Double[-3, 1.5], Gen.Double[-12, -1]).Sample((logEpsilon, logDelta) =>
        {
            RenyiDp loss = RenyiDp.OfLaplace(Rational.FromDouble(Math.Pow(10, logEpsilon)), s_standard);
            double delta = Math.Pow(10, logDelta);
            double epsilon = loss.EpsilonFor(delta);
            if (epsilon > 0)
                Assert.InRange(loss.DeltaFor(epsilon), delta * (1 - 1e-9), delta * (1 + 1e-9));
        });

    [Fact]
    public void Losses_add_order_by_order()
    {
        RenyiDp laplace = RenyiDp.OfLaplace(1, s_standard);
        RenyiDp both = laplace.Compose(RenyiDp.OfGaussian(new Rational(1, 4), s_standard));
        Assert.Equal(laplace.Divergences[12] + 0.25, both.Divergences[12], 1e-11); // order 2
        Assert.True(laplace.Times(3).EpsilonFor(1e-6) >= laplace.Compose(laplace).Compose(laplace).EpsilonFor(1e-6) * (1 - 1e-12));
        Assert.Throws<ArgumentException>(() => laplace.Compose(RenyiDp.OfLaplace(1, [2.0])));
    }

    [Fact]
    public void The_order_one_alone_gives_no_guarantee_of_epsilon_and_delta()
    {
        Assert.Equal(double.PositiveInfinity, RenyiDp.OfPure(1, [1.0]).EpsilonFor(0.1));
        Assert.Equal(1, RenyiDp.OfPure(1, [1.0]).DeltaFor(5));
        Assert.Equal(0, RenyiDp.OfPure(0, [2.0]).Divergences[0]);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.ThrowsAny<ArgumentException>(action).ParamName;
        Assert.Equal("orders", Name(() => RenyiDp.OfPure(1, [])));
        Assert.Equal("orders", Name(() => RenyiDp.OfPure(1, [0.5])));
        Assert.Equal("orders", Name(() => RenyiDp.OfPure(1, [double.NaN])));
        Assert.Equal("epsilon", Name(() => RenyiDp.OfPure(-1, [2.0])));
        Assert.Equal("epsilon", Name(() => RenyiDp.OfLaplace(-1, [2.0])));
        Assert.Equal("epsilon", Name(() => RenyiDp.OfBoundedRange(-1, [2.0])));
        Assert.Equal("squaredMu", Name(() => RenyiDp.OfGaussian(-1, [2.0])));
        Assert.Equal("divergences", Name(() => RenyiDp.Of([2.0], [])));
        Assert.Equal("divergences", Name(() => RenyiDp.Of([2.0], [double.NaN])));
        Assert.Equal("count", Name(() => RenyiDp.OfPure(1, [2.0]).Times(0)));
        foreach (double delta in (double[])[double.NaN, 0, 1, -1])
            Assert.Equal("delta", Name(() => RenyiDp.OfPure(1, [2.0]).EpsilonFor(delta)));
        foreach (double epsilon in (double[])[double.NaN, -1, double.PositiveInfinity])
            Assert.Equal("epsilon", Name(() => RenyiDp.OfPure(1, [2.0]).DeltaFor(epsilon)));
    }

    // The definition, summed over the outcomes: ln Σ P(x)·(P(x)/P(x − Δ))^(α−1)/(α − 1).
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 10)]
    [InlineData(3, 2)]
    [InlineData(7, 40)]
    [InlineData(40, 9)]
    public void Discrete_Laplace_has_the_divergence_of_its_outcomes_and_more_than_the_continuous_one(int sensitivity, int scale)
    {
        ImmutableArray<double> orders = [1.1, 1.5, 2, 4, 16];
        RenyiDp law = RenyiDp.OfDiscreteLaplace(sensitivity, scale, orders);
        RenyiDp continuous = RenyiDp.OfLaplace(new Rational(sensitivity, scale), orders);
        double a = Math.Exp(-1.0 / scale);
        for (int i = 0; i < orders.Length; i++)
        {
            double sum = Enumerable.Range(-60 * scale, (120 * scale) + sensitivity).Sum(x =>
                Math.Pow(a, Math.Abs(x)) * Math.Exp((orders[i] - 1) * (Math.Abs(x - sensitivity) - Math.Abs(x)) / scale));
            double expected = Math.Log((1 - a) / (1 + a) * sum) / (orders[i] - 1);
            Assert.InRange(law.Divergences[i], expected * (1 - 1e-11), (expected * (1 + 1e-9)) + 1e-12);
            Assert.True(law.Divergences[i] > continuous.Divergences[i]);
        }
    }

    [Fact]
    public void Discrete_Laplace_at_a_sensitivity_of_one_is_randomised_response()
    {
        RenyiDp law = RenyiDp.OfDiscreteLaplace(1, 1, [2]);
        Assert.Equal(0.735326, law.Divergences[0], 1e-6);
        Assert.Equal(RenyiDp.OfPure(1, [2]).Divergences[0], law.Divergences[0], 1e-12);
    }

    [Fact]
    public void Discrete_Laplace_of_extreme_scales_is_never_above_pure()
    {
        foreach ((BigInteger sensitivity, Rational scale) in ((BigInteger, Rational)[])
            [(1, BigInteger.One << 50), (BigInteger.One << 40, BigInteger.One << 50), (1, new Rational(1, 1 << 20)), (BigInteger.Pow(10, 30), 1)])
        {
            RenyiDp law = RenyiDp.OfDiscreteLaplace(sensitivity, scale, s_standard);
            RenyiDp pure = RenyiDp.OfPure(sensitivity / scale, s_standard);
            Assert.All(law.Divergences.Zip(pure.Divergences), pair => Assert.InRange(pair.First, 0, pair.Second));
        }
    }
}
