using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Auditing;

public class ClopperPearsonTests
{
    // R, stats::binom.test: help page (682 of 925) and a published session (9 of 24; 1 of 1497 at 90 %); SciPy,
    // BinomTestResult.proportion_ci (7 of 50); the last by an independent evaluation to 30 digits.
    [Theory]
    [InlineData(682, 925, 0.025, 0.7076683, 0.7654066, 1e-7)]
    [InlineData(9, 24, 0.025, 0.1879929, 0.5940636, 1e-7)]
    [InlineData(1, 1497, 0.05, 3.426347e-5, 3.164954e-3, 2e-6)]
    [InlineData(7, 50, 0.025, 0.05819170033997342, 0.26739600249700846, 1e-6)]
    [InlineData(40_000, 4_000_000, 1.25e-7, 0.009745492984903, 0.010258936787825, 1e-9)]
    public void Published_intervals_are_met(long successes, long trials, double alpha, double low, double high, double relative)
    {
        Assert.InRange(ClopperPearson.Lower(successes, trials, alpha), low * (1 - relative), low * (1 + relative));
        Assert.InRange(ClopperPearson.Upper(successes, trials, alpha), high * (1 - relative), high * (1 + relative));
    }

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(10, 0.5)]
    [InlineData(200_000, 1e-7)]
    [InlineData(1L << 40, 1e-12)]
    public void None_and_all_of_n_have_their_closed_form(long n, double alpha)
    {
        // (1 − p)^n = alpha and p^n = alpha.
        double share = -Math.Log(alpha) / n;
        double upper = -NearOne.ExpMinusOne(-share);
        Assert.Equal(0, ClopperPearson.Lower(0, n, alpha));
        Assert.Equal(1, ClopperPearson.Upper(n, n, alpha));
        Assert.InRange(ClopperPearson.Upper(0, n, alpha), upper * (1 - 1e-15), upper * (1 + 1e-5));
        Assert.InRange(ClopperPearson.Lower(n, n, alpha), Math.Exp(-share) - (1e-5 * share) - 1e-15, Math.Exp(-share) + 1e-16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Bounds_cover_every_chance_as_often_as_they_say(int n)
    {
        const double Alpha = 0.03;
        double[] lower = [.. Enumerable.Range(0, n + 1).Select(k => ClopperPearson.Lower(k, n, Alpha))];
        double[] upper = [.. Enumerable.Range(0, n + 1).Select(k => ClopperPearson.Upper(k, n, Alpha))];
        for (int step = 1; step < 400; step++)
        {
            double p = step / 400.0;
            double belowLower = 0;
            double aboveUpper = 0;
            for (int k = 0; k <= n; k++)
            {
                if (lower[k] > p)
                    belowLower += Probability(k, n, p);
                if (upper[k] < p)
                    aboveUpper += Probability(k, n, p);
            }
            Assert.InRange(belowLower, 0, Alpha);
            Assert.InRange(aboveUpper, 0, Alpha);
        }
    }

    [Fact]
    public void The_tail_is_never_below_its_sum() =>
        Gen.Select(Gen.Int[1, 80], Gen.Double[0.001, 0.999], Gen.Int[0, 79]).Sample((n, p, k) =>
        {
            int from = 1 + (k % n);
            double sum = 0;
            for (int i = n; i >= from; i--)
                sum += Probability(i, n, p);
            double tail = ClopperPearson.UpperTail(from, n, p, 1 - p);
            return from <= n * p ? tail == 1 : tail >= sum && tail <= sum * (1 + 2e-6);
        });

    [Fact]
    public void Bounds_enclose_the_share_and_close_in_with_more_runs() =>
        Gen.Select(Gen.Long[1, 100_000], Gen.Long[0, 100_000], Gen.Double[1e-12, 0.5]).Sample((n, k, alpha) =>
        {
            k %= n + 1;
            double low = ClopperPearson.Lower(k, n, alpha);
            double high = ClopperPearson.Upper(k, n, alpha);
            return low <= (double)k / n && high >= (double)k / n
                && ClopperPearson.Lower(100 * k, 100 * n, alpha) >= low && ClopperPearson.Upper(100 * k, 100 * n, alpha) <= high;
        }, iter: 100);

    private static double Probability(int k, int n, double p)
    {
        double probability = 1;
        for (int i = 0; i < k; i++)
            probability *= (n - i) * p / (i + 1.0);
        return probability * Math.Pow(1 - p, n - k);
    }
}
