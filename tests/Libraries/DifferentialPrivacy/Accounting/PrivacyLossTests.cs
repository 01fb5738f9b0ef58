using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class PrivacyLossTests
{
    private static readonly PrivacyLoss s_small = new(new NanoRho(3), new AttoDelta(50));
    private static readonly PrivacyLoss s_large = new(new NanoRho(8), new AttoDelta(7));

    [Fact]
    public void Losses_on_the_same_people_add() =>
        Assert.Equal(new PrivacyLoss(new NanoRho(11), new AttoDelta(57)), s_small + s_large);

    [Fact]
    public void Losses_on_disjoint_people_are_the_greater_of_each() =>
        Assert.Equal(new PrivacyLoss(new NanoRho(8), new AttoDelta(50)), PrivacyLoss.InParallel(s_small, s_large));

    [Fact]
    public void A_pure_loss_costs_four_times_one_of_bounded_range()
    {
        Assert.Equal(500_000_000, PrivacyLoss.OfPure(1).Rho.Value);
        Assert.Equal(125_000_000, PrivacyLoss.OfBoundedRange(1).Rho.Value);
    }

    [Fact]
    public void A_loss_is_rounded_up() => Assert.Equal(1, PrivacyLoss.OfBoundedRange(new Rational(1, 1_000_000_000)).Rho.Value);
}
