using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.LocalModel;

public class RandomizedResponseTests
{
    // Warner's survey: odds 3 : 1 is ε = ln 3.
    [Fact]
    public void Epsilon_is_the_logarithm_of_the_odds_rounded_up()
    {
        RandomizedResponse response = new(2, 3);
        Assert.Equal(new Rational(3, 4), response.TruthProbability);
        Assert.InRange(response.Epsilon.ToDoubleUp(), Math.Log(3), Math.Log(3) * (1 + 1e-11));
        Assert.Equal(PrivacyLoss.OfPure(response.Epsilon), response.Loss);
        Assert.Equal(new Rational(3, 3 + 9), new RandomizedResponse(10, 3).TruthProbability);
    }

    // Odds of less than e^ε, and hardly less: ln(odds) in (ε·(1 − 1e-14), ε].
    [Fact]
    public void Odds_of_a_given_epsilon_never_pass_it() =>
        Gen.Double[-11, 1.6].Sample(power =>
        {
            Rational epsilon = Rational.FromDouble(Math.Pow(10, power));
            RandomizedResponse response = RandomizedResponse.ForPure(2, epsilon);
            Assert.Equal(epsilon, response.Epsilon);
            Rational odds = response.Odds;
            // e^−ε ≤ 1/odds, decided by exact bounds at a higher precision.
            BigInteger bound = NegativeExponential.Bounds(epsilon.Numerator, epsilon.Denominator, 300).High;
            Assert.True(new Rational(bound, BigInteger.One << 300) <= 1 / odds);
            Assert.Equal(epsilon.ToDoubleUp(), new RandomizedResponse(2, odds).Epsilon.ToDoubleUp(), epsilon.ToDoubleUp() * 1e-11);
        });

    // Exact, by running through all draws of the coin: 5 : 2 among 4 categories is 5 + 3·2 = 11 equally likely outcomes.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_category_has_exactly_its_chance(int truth)
    {
        RandomizedResponse response = new(4, new Rational(5, 2));
        int[] reports = new int[4];
        for (ulong draw = 0; draw < 11; draw++)
            reports[response.Report(truth, new ScriptedBits(draw))]++;
        Assert.Equal(5, reports[truth]);
        Assert.All(Enumerable.Range(0, 4).Where(c => c != truth), c => Assert.Equal(2, reports[c]));
    }

    // 100,000 reports: 6.5 standard deviations, a chance below 1e-10. The twin that draws the other category among all k, the truth too, is
    // rejected.
    [Fact]
    public void Reports_are_true_as_often_as_the_chance_says()
    {
        const int reports = 100_000;
        RandomizedResponse response = new(5, 4);
        int truths = Enumerable.Range(0, reports).Count(_ => response.Report(3) == 3);
        Assert.InRange(Deviations(0.5), -6.5, 6.5);
        Assert.NotInRange(Deviations(0.5 + (0.5 / 5)), -6.5, 6.5);

        double Deviations(double p) => (truths - (reports * p)) / Math.Sqrt(reports * p * (1 - p));
    }

    [Fact]
    public void The_estimate_is_unbiased() =>
        Gen.Select(Gen.Int[2, 50], Gen.Int[2, 100], Gen.Int[0, 1000], Gen.Int[1, 1000]).Sample((categories, odds, having, others) =>
        {
            // Take exactly the expected reports: all·(n_c·odds + (n − n_c)) over all = odds + k − 1, made whole by a factor.
            RandomizedResponse response = new(categories, odds);
            long all = odds + categories - 1;
            long respondents = (having + others) * all;
            long reports = ((long)having * odds) + others;
            Assert.Equal(having * all, response.Estimate(reports, respondents), 1e-6);
        });

    // 2,000 surveys of 500 respondents each, at 90 %: the share that fails is at most 10 %; 6.5 deviations, below 1e-10. The twin that
    // trusts the reports is rejected.
    [Fact]
    public void Intervals_fail_no_more_often_than_promised()
    {
        const int surveys = 2000;
        const int respondents = 500;
        RandomizedResponse response = new(3, 4);
        int held = 0;
        int twin = 0;
        for (int survey = 0; survey < surveys; survey++)
        {
            int reports = Enumerable.Range(0, respondents).Count(i => response.Report(i < 200 ? 1 : 2) == 1);
            ConfidenceInterval interval = response.Interval(reports, respondents, 0.9);
            held += interval.Low <= 200 && 200 <= interval.High ? 1 : 0;
            double width = (interval.High - interval.Low) / 2;
            twin += Math.Abs(reports - 200) <= width * 0.1 ? 1 : 0;
        }
        double deviation = Math.Sqrt(surveys * 0.9 * 0.1);
        Assert.True(held > (0.9 * surveys) - (6.5 * deviation));
        Assert.False(twin > (0.9 * surveys) - (6.5 * deviation));
    }

    [Fact]
    public void Intervals_stay_among_the_respondents()
    {
        RandomizedResponse response = RandomizedResponse.ForPure(2, 1);
        Assert.Equal(0, response.Interval(0, 1000, 0.95).Low);
        Assert.Equal(1000, response.Interval(1000, 1000, 0.95).High);
        ConfidenceInterval one = response.Interval(1, 1, 0.999);
        Assert.Equal(new ConfidenceInterval(0, 1), one);
        ConfidenceInterval wide = response.Interval(long.MaxValue / 2, long.MaxValue, 0.95);
        Assert.True(wide.Low < wide.High);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        foreach (int categories in (int[])[1, 0, -1])
        {
            Assert.Equal("categories", Name(() => new RandomizedResponse(categories, 3)));
            Assert.Equal("categories", Name(() => RandomizedResponse.ForPure(categories, 1)));
        }
        foreach (Rational odds in (Rational[])[1, 0, -3, new Rational(1, 2), (BigInteger.One << 64) + 1])
            Assert.Equal("odds", Name(() => new RandomizedResponse(2, odds)));
        foreach (Rational epsilon in (Rational[])[0, -1, 45, new Rational(1, 1L << 41)])
            Assert.Equal("epsilon", Name(() => RandomizedResponse.ForPure(2, epsilon)));
        RandomizedResponse response = new(2, 3);
        Assert.Equal("truth", Name(() => response.Report(2)));
        Assert.Equal("truth", Name(() => response.Report(-1)));
        Assert.Equal("reports", Name(() => response.Estimate(11, 10)));
        Assert.Equal("respondents", Name(() => response.Estimate(0, 0)));
        Assert.Equal("reports", Name(() => response.Interval(-1, 10, 0.95)));
        Assert.Equal("confidence", Name(() => response.Interval(1, 10, double.NaN)));
    }
}
