using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class TruncatedLaplaceTests
{
    private const int Draws = 150_000;

    [Theory]
    [InlineData(7, 20)]
    [InlineData(7, 6)] // below the scale: by uniform candidates
    [InlineData(1, 1)]
    [InlineData(1_000_000, 3)]
    public void Draws_follow_the_conditional_law_and_its_twins_do_not(int scale, long bound)
    {
        long[] draws = Draw(new TruncatedLaplace(scale, bound));
        Assert.All(draws, x => Assert.InRange(x, -bound, bound));
        Assert.False(ChiSquare.Rejects(draws, Tail(scale, bound), 0, 1));
        if (scale <= 7)
        {
            Assert.True(ChiSquare.Rejects(Draw(new TruncatedLaplace(scale * new Rational(5, 4), bound)), Tail(scale, bound), 0, 1));
            // Moved to the bound instead of drawn again.
            long[] whole = new long[Draws];
            new DiscreteLaplace(scale).Fill(whole);
            Assert.True(ChiSquare.Rejects([.. whole.Select(x => Math.Clamp(x, -bound, bound))], Tail(scale, bound), 0, 1));
        }
        Assert.True(ChiSquare.Rejects([.. draws.Select(x => x + 1)], Tail(scale, bound), 0, 1));
    }

    [Theory]
    [InlineData(7, 60)]
    [InlineData(100, 900)]
    public void Its_tail_holds_what_it_should_and_a_scale_off_by_five_percent_is_noticed_there(int scale, long bound)
    {
        Func<long, double> tail = Tail(scale, bound);
        long from = 6 * scale;
        Assert.False(Rejects(scale));
        Assert.True(Rejects(scale * new Rational(21, 20)));
        Assert.True(Rejects(scale * new Rational(19, 20)));

        bool Rejects(Rational drawn) => TailTest.Rejects(2 * tail(from), x => Math.Abs(x) >= from, new TruncatedLaplace(drawn, bound).Fill);
    }

    // P(X > b − Δ) = a^(b−Δ+1)·(1 − a^Δ)/(1 + a − 2a^(b+1)), with 40 digits [calc].
    [Theory]
    [InlineData(1, 35, 1, 2.91370263339157041e-16)]
    [InlineData(10, 350, 3, 1.04784871023628299e-16)]
    public void A_small_delta_has_its_digits(int scale, long bound, long sensitivity, double expected) => Assert.InRange(
        new TruncatedLaplace(scale, bound).Loss(sensitivity).Delta.Value, expected * 1e18, (expected * (1 + 1e-9) * 1e18) + 1);

    // δ as the divergence of the two laws, summed over all answers: max(0, P − e^ε·Q).
    [Theory]
    [InlineData(1, 10, 1)]
    [InlineData(3, 10, 2)]
    [InlineData(3, 10, 10)]
    [InlineData(100, 5, 1)]
    [InlineData(0.5, 10, 3)]
    public void The_delta_is_the_divergence_at_epsilon(double scale, int bound, int sensitivity)
    {
        double sum = Enumerable.Range(-bound, (2 * bound) + 1).Sum(x => Math.Exp(-Math.Abs(x) / scale));
        double delta = 0;
        for (int y = -bound; y <= bound + sensitivity; y++)
            delta += Math.Max(0, P(y) - (Math.Exp(sensitivity / scale) * P(y - sensitivity)) - 1e-16);
        PrivacyLoss loss = new TruncatedLaplace(Rational.FromDouble(scale), bound).Loss(sensitivity);
        Assert.InRange(loss.Delta.Value / 1e18, delta - 1e-14, (delta * (1 + 1e-9)) + 1e-14);
        Assert.Equal(PrivacyLoss.OfPure(Rational.FromDouble(sensitivity / scale)).Rho.Value, loss.Rho.Value, 1.0);

        double P(int x) => Math.Abs(x) <= bound ? Math.Exp(-Math.Abs(x) / scale) / sum : 0;
    }

    [Fact]
    public void The_deltas_of_a_vector_add_to_no_more_than_that_of_its_sum()
    {
        TruncatedLaplace noise = new(3, 20);
        for (int left = 0; left <= 10; left++)
        {
            for (int right = 0; right <= 10; right++)
                Assert.True((noise.Loss(left) + noise.Loss(right)).Delta.Value <= noise.Loss(left + right).Delta.Value + 1_000_000);
        }
    }

    [Fact]
    public void What_nobody_changes_loses_nothing() => Assert.Equal(PrivacyLoss.None, new TruncatedLaplace(3, 20).Loss(0));

    [Fact]
    public void Bad_parameters_are_refused_by_name()
    {
        Assert.Equal("scale", Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedLaplace(0, 1)).ParamName);
        Assert.Equal("bound", Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedLaplace(1, 0)).ParamName);
        Assert.Equal("bound", Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedLaplace(1, (1L << 61) + 1)).ParamName);
        Assert.Equal("sensitivity", Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedLaplace(1, 5).Loss(6)).ParamName);
        Assert.InRange(new TruncatedLaplace(new Rational(1, 1_000_000_000), 1L << 61).Sample(), 0, 0);
        Assert.InRange(Math.Abs(new TruncatedLaplace(1L << 50, 1L << 50).Sample()), 0, 1L << 50);
    }

    private static long[] Draw(TruncatedLaplace noise)
    {
        long[] draws = new long[Draws];
        noise.Fill(draws);
        return draws;
    }

    private static Func<long, double> Tail(double scale, long bound)
    {
        double sum = Weight(-bound);
        return t => t > bound ? 0 : Weight(Math.Max(t, -bound)) / sum;

        double Weight(long from)
        {
            double total = 0;
            for (long x = from; x <= bound; x++)
                total += Math.Exp(-Math.Abs(x) / scale);
            return total;
        }
    }
}
