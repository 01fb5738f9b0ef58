using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

public class ReportNoisyMaxTests
{
    [Fact]
    public void It_is_charged_half_of_epsilon_squared()
    {
        ReportNoisyMax mechanism = new(5, new Rational(3, 10));
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(9, 200)), AttoDelta.Zero), mechanism.Loss);
        Assert.Equal(new Rational(100, 3), mechanism.Scale);
    }

    [Fact]
    public void The_noisy_score_with_the_index_would_lose_more_than_epsilon()
    {
        long[] scores = [0, 0, 0, 0];
        long[] neighbour = [1, 1, 1, 1];
        double[] released = [.. SelectionLaw.NoisyMaxAndValue(scores, 2, 0)];
        double[] besides = [.. SelectionLaw.NoisyMaxAndValue(neighbour, 2, 0)];
        Assert.True(Categorical.PureLoss(released[60..85], besides[60..85]) > 1.5);
        Assert.InRange(Categorical.PureLoss(SelectionLaw.NoisyMax(scores, 2), SelectionLaw.NoisyMax(neighbour, 2)), 0, 1e-6);
    }

    // Scores so far apart, against noise that is 0 but for a chance of 2·e^-4096 each: the first of the best two wins.
    [Fact]
    public void A_tie_goes_to_the_first_in_the_public_order() => Assert.Equal(1, new ReportNoisyMax(1, 1 << 13).Select([0, 9, 9, 1]));

    [Theory]
    [InlineData(2, 0.05)]
    [InlineData(20, 0.2)]
    [InlineData(0.3, 1e-4)]
    public void The_gap_between_two_is_the_quantile_of_the_difference_of_their_noises(double scale, double alpha)
    {
        long gap = (long)new ReportNoisyMax(1, 2 / Rational.FromDouble(scale)).ScoreGap(2, alpha);
        Assert.True(Tail(gap + 1) <= alpha * (1 + 1e-9));
        Assert.True(gap == 0 || Tail(gap) > alpha * (1 - 1e-9));

        // P(X − Y ≥ t), summed over Y.
        double Tail(long t)
        {
            double sum = 0;
            for (long y = -(long)(40 * scale) - 40; y <= (40 * scale) + 40; y++)
                sum += SelectionLaw.LaplacePoint(y, scale) * SelectionLaw.LaplaceTail(t + y, scale);
            return sum;
        }
    }
}
