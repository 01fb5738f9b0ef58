using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class ApproximateDpTests
{
    private static readonly ApproximateDp s_small = new(new Rational(1, 10), new AttoDelta(50));
    private static readonly ApproximateDp s_large = new(new Rational(1, 5), new AttoDelta(7));

    [Fact]
    public void Guarantees_add_on_the_same_people_and_do_not_on_disjoint_ones()
    {
        Assert.Equal(new ApproximateDp(new Rational(3, 10), new AttoDelta(57)), s_small + s_large);
        Assert.Equal(new ApproximateDp(new Rational(1, 5), new AttoDelta(50)), ApproximateDp.InParallel(s_small, s_large));
    }

    [Fact]
    public void A_guarantee_is_charged_half_its_square_and_its_delta() =>
        Assert.Equal(new PrivacyLoss(new NanoRho(5_000_000), new AttoDelta(50)), s_small.ToLoss());

    [Fact]
    public void A_negative_epsilon_is_refused_by_name() =>
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new ApproximateDp(-1, AttoDelta.Zero)).ParamName);

    // Basic ≥ optimal composition (the loss distribution of the worst releases), and the ledger's way from (ε, δ) is no tighter than that.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void Accounts_of_unknown_releases_are_ordered(int count)
    {
        LossGrid grid = new(0.001, LossRounding.ConnectTheDots);
        PrivacyLossDistribution worst = PrivacyLossDistribution.OfApproximate(0.1, 1e-9, grid).Times(count);
        double optimal = worst.EpsilonFor(1e-6);
        Assert.True(optimal <= (0.1 * count) + 1e-9);
        PrivacyLoss loss = new ApproximateDp(new Rational(1, 10), AttoDelta.RoundUp(1e-9)).ToLoss();
        double concentrated = Zcdp.EpsilonFor(new NanoRho(loss.Rho.Value * count), 1e-6 - (count * 1e-9));
        Assert.True(optimal <= concentrated * (1 + 1e-6));
    }
}
