using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

public class ExponentialMechanismTests
{
    [Fact]
    public void Losses_of_neighbours_have_a_range_of_epsilon()
    {
        foreach (bool monotone in (bool[])[false, true])
        {
            double scale = monotone ? 1 : 2;
            double greatest = SelectionLaw.Neighbours(3, 4, monotone).Max(pair => Categorical.Range(Law(pair.Scores), Law(pair.Neighbour)));
            Assert.Equal(1, greatest, 1e-9);

            double[] Law(long[] scores) => SelectionLaw.Exponential(scores, scale);
        }
    }

    [Fact]
    public void It_is_charged_an_eighth_of_epsilon_squared()
    {
        ExponentialMechanism mechanism = new(5, new Rational(3, 10));
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(9, 800)), AttoDelta.Zero), mechanism.Loss);
        Assert.Equal(new Rational(3, 10), mechanism.Epsilon);
        Assert.Equal(new Rational(100, 3), mechanism.Scale);
        Assert.Equal(new Rational(50, 3), new ExponentialMechanism(5, new Rational(3, 10), monotone: true).Scale);
    }

    // The scale is 2: 2·ln(100/0.01) = 18.42.
    [Fact]
    public void The_gap_is_the_logarithm_of_the_odds() => Assert.Equal(18, new ExponentialMechanism(1, 1).ScoreGap(101, 0.01));
}
