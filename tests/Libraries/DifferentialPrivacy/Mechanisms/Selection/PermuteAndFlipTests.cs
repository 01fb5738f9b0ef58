using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class PermuteAndFlipTests
{
    [Fact]
    public void It_is_charged_half_of_epsilon_squared()
    {
        PermuteAndFlip mechanism = new(5, new Rational(3, 10));
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(9, 200)), AttoDelta.Zero), mechanism.Loss);
        Assert.Equal(new Rational(100, 3), mechanism.Scale);
    }

    // opendp/opendp#2911: charged as the exponential mechanism, it loses more than it pays.
    [Fact]
    public void The_charge_of_the_exponential_mechanism_would_not_cover_it()
    {
        double[] orders = [1.001, 1.5, 2, 4, 8, 16, 64];
        double greatest = 0;
        double greatestOfExponential = 0;
        foreach ((long[] scores, long[] neighbour) in SelectionLaw.Neighbours(3, 3, monotone: false))
        {
            foreach (double order in orders)
            {
                greatest = Math.Max(greatest, Rate(SelectionLaw.PermuteAndFlip, order));
                greatestOfExponential = Math.Max(greatestOfExponential, Rate(SelectionLaw.Exponential, order));
            }

            double Rate(Func<long[], double, double[]> law, double order) =>
                Categorical.RenyiRate(law(scores, 2), law(neighbour, 2), order);
        }
        Assert.InRange(greatest, 2 * 0.125, 0.5);
        Assert.InRange(greatestOfExponential, 0.1, 0.125);
    }

    [Fact]
    public void It_is_never_worse_than_the_exponential_mechanism()
    {
        foreach (long[] scores in SelectionLaw.Vectors(4, 0, 3))
        {
            double[] flipped = SelectionLaw.PermuteAndFlip(scores, 2);
            double[] exponential = SelectionLaw.Exponential(scores, 2);
            for (long least = 0; least <= 3; least++)
                Assert.True(AtLeast(flipped, least) >= AtLeast(exponential, least) - 1e-12);

            double AtLeast(double[] law, long least) => law.Where((_, i) => scores[i] >= least).Sum();
        }
    }

    [Fact]
    public void With_draws_with_replacement_it_is_the_exponential_mechanism()
    {
        long[] scores = [0, 1, 2, 4];
        CryptographicBits bits = CryptographicBits.OfThread;
        int[] draws = [.. Enumerable.Range(0, 25_000).Select(_ => WithReplacement())];
        Assert.False(Categorical.Rejects(draws, SelectionLaw.Exponential(scores, 2)));
        Assert.True(Categorical.Rejects(draws, SelectionLaw.PermuteAndFlip(scores, 2)));
        Assert.False(Categorical.Rejects(SelectionTests.Draw(new PermuteAndFlip(1, 1), scores), SelectionLaw.PermuteAndFlip(scores, 2)));
        Assert.True(Categorical.Rejects(SelectionTests.Draw(new PermuteAndFlip(1, 1), scores), SelectionLaw.Exponential(scores, 2)));

        int WithReplacement()
        {
            while (true)
            {
                int i = (int)Uniform.Below(bits, 4UL);
                if (BernoulliExponential.Draw(bits, (UInt128)(4 - scores[i]), 2))
                    return i;
            }
        }
    }
}
