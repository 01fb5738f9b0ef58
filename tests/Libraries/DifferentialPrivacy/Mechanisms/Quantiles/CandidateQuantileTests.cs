using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;
using Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Quantiles;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class CandidateQuantileTests
{
    private static readonly Rational Median = new(1, 2);

    // opendp/opendp quantile_score_candidates/test.rs
    [Fact]
    public void Scores_are_those_of_OpenDP()
    {
        Assert.Equal([59, 33, 19, 1, 45, 100], Scores([20, 33, 40, 50, 72, 100], Median, Numbers(100)));
        Assert.Equal([100, 50, 0, 50, 100], Scores([0, 25, 50, 75, 100], Median, Numbers(101)));

        static long[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];
    }

    [Fact]
    public void Scores_are_the_definition_whatever_the_order_and_the_duplicates() =>
        Gen.Select(Gen.Long[-9, 9].Array[0, 30], Gen.Long[-9, 9].Array[1, 8], Gen.Int[0, 7]).Sample((values, drawn, n) =>
        {
            long[] candidates = [.. drawn.Distinct().Order()];
            BigInteger[] expected = [.. candidates.Select(c => (BigInteger)Score(c, values, n, 7))];
            if (n is 0 or 7)
                expected = [.. expected.Select(score => score / 7)]; // 0/7 and 7/7 in lowest terms
            return Scores(candidates, new Rational(n, 7), values).SequenceEqual(expected);
        });

    [Fact]
    public void Estimates_follow_the_law_from_every_form_of_the_data()
    {
        long[] candidates = [-5, 0, 3, 4, 10];
        long[] values = [4, -7, 4, 0, 2, 11, 4, 99];
        CandidateQuantile quantile = new(candidates, new Rational(2, 3), 2, 3);
        double[] law = Law(candidates, values, 2, 3, 3, 2);
        long[] below = [.. candidates.Select(c => values.LongCount(x => x < c))];
        long[] above = [.. candidates.Select(c => values.LongCount(x => x > c))];
        (long, long)[] histogram = [(99, 1), (-7, 1), (4, 2), (0, 1), (11, 1), (2, 1), (4, 1), (5, 0)];
        Assert.False(Categorical.Rejects(Draw(() => quantile.Estimate(values)), law));
        Assert.False(Categorical.Rejects(Draw(() => quantile.Estimate(below, above)), law));
        int[] draws = Draw(() => quantile.Estimate(histogram));
        Assert.False(Categorical.Rejects(draws, law));
        Assert.True(Categorical.Rejects(draws, Law(candidates, values, 2, 3, 3, 1)));

        int[] Draw(Func<long> estimate) => [.. Enumerable.Range(0, 10_000).Select(_ => Array.IndexOf(candidates, estimate()))];
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(9, 10, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 3, 2)]
    public void Neighbours_differ_by_epsilon_at_most_in_law_and_in_range(int n, int d, int rows)
    {
        long[] candidates = [0, 1, 2];
        double greatest = 0;
        double broken = 0;
        foreach (long[] values in SelectionLaw.Vectors(3, -1, 3))
        {
            foreach (long[] added in SelectionLaw.Vectors(rows, -1, 3))
            {
                long[] more = [.. values, .. added];
                double[] law = Law(candidates, values, n, d, 1, rows);
                greatest = Math.Max(greatest, Categorical.Range(law, Law(candidates, more, n, d, 1, rows)));
                Assert.True(Categorical.PureLoss(law, Law(candidates, more, n, d, 1, rows)) <= 1 + 1e-9);
                double[] half = Law(candidates, values, n, d, 2, rows);
                broken = Math.Max(broken, Categorical.Range(half, Law(candidates, more, n, d, 2, rows)));
            }
        }
        Assert.InRange(greatest, 0.4, 1 + 1e-9);
        Assert.True(broken > 1.1);
    }

    [Fact]
    public void Data_that_are_empty_or_at_the_ends_of_their_range_are_served()
    {
        long[] candidates = [long.MinValue, 0, long.MaxValue];
        CandidateQuantile median = new(candidates, Median, 1, 1 << 10);
        Assert.Contains(median.Estimate(ReadOnlySpan<long>.Empty), candidates);
        Assert.Equal(0, median.Estimate([long.MinValue, long.MaxValue, 0]));
        (long, long)[] full = [.. Enumerable.Repeat((long.MaxValue, long.MaxValue), 3), (long.MinValue, long.MaxValue)];
        Assert.Equal(long.MaxValue, median.Estimate(full));
        Assert.Equal(0, median.Estimate([0, long.MaxValue, long.MaxValue], [long.MaxValue, long.MaxValue, 0]));
        Assert.Equal(7, new CandidateQuantile([7], Median, long.MaxValue, 1).Estimate([1, 2, 3]));
        Rational fine = Rational.FromDouble(0.1);
        Assert.Equal(0, new CandidateQuantile([-1, 0, 1], fine, 1, 1 << 10).Estimate([0, 0, 0, 0]));
    }

    [Fact]
    public void It_is_charged_as_the_exponential_mechanism_that_it_is()
    {
        CandidateQuantile quantile = new([1, 2], Median, 3, new Rational(1, 2));
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(1, 32)), AttoDelta.Zero), quantile.Loss);
        Assert.Equal(new Rational(1, 2), quantile.Epsilon);
    }

    // Δ = 3·9 with 9/10 and three rows a unit, the scale is 54: 54·ln(4/0.01) = 323.5.
    [Fact]
    public void The_gap_and_the_rank_error_are_those_of_the_exponential_mechanism()
    {
        CandidateQuantile quantile = new([1, 2, 3, 4, 5], new Rational(9, 10), 3, 1);
        Assert.Equal(323, quantile.ScoreGap(0.01));
        Assert.Equal(new Rational(323, 10), quantile.RankErrorBeyondBest(0.01));
    }

    [Fact]
    public void The_rank_error_of_a_candidate_is_at_most_its_score() =>
        Gen.Select(Gen.Long[0, 6].Array[0, 20], Gen.Long[0, 6], Gen.Int[0, 10]).Sample((values, c, n) =>
            IntervalQuantileTests.RankDistance(c, values, n, 10) <= Score(c, values, n, 10));

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name<T>(Func<object?> action) where T : ArgumentException => Assert.Throws<T>(action).ParamName;
        Assert.Equal("candidates", Name<ArgumentException>(() => new CandidateQuantile([], Median, 1, 1)));
        Assert.Equal("candidates", Name<ArgumentException>(() => new CandidateQuantile([1, 1], Median, 1, 1)));
        Assert.Equal("candidates", Name<ArgumentException>(() => new CandidateQuantile([2, 1], Median, 1, 1)));
        foreach (Rational quantile in (Rational[])[-1, 2, new(11, 10)])
            Assert.Equal("quantile", Name<ArgumentOutOfRangeException>(() => new CandidateQuantile([1], quantile, 1, 1)));
        foreach (long rows in (long[])[0, -1])
            Assert.Equal("rowsPerUnit", Name<ArgumentOutOfRangeException>(() => new CandidateQuantile([1], Median, rows, 1)));
        foreach (Rational epsilon in (Rational[])[0, -1, (1 << 16) + 1])
            Assert.Equal("epsilon", Name<ArgumentOutOfRangeException>(() => new CandidateQuantile([1], Median, 1, epsilon)));
        CandidateQuantile one = new([1], Median, 1, 1);
        Assert.Equal("below", Name<ArgumentException>(() => one.Estimate([1, 2], [1])));
        Assert.Equal("above", Name<ArgumentException>(() => one.Estimate([1], [])));
        Assert.Equal("above", Name<ArgumentOutOfRangeException>(() => one.Estimate([1], [-1])));
        Assert.Equal("histogram", Name<ArgumentOutOfRangeException>(() => one.Estimate([(1, -1)])));
    }

    private static BigInteger[] Scores(long[] candidates, Rational quantile, long[] values)
    {
        RankCounts counts = new(candidates);
        foreach (long value in values)
            counts.Add(value, 1);
        return new CandidateQuantile(candidates, quantile, 1, 1).Scores(counts.AroundEach());
    }

    private static long Score(long candidate, long[] values, int n, int d) =>
        Math.Abs(((d - n) * values.LongCount(x => x < candidate)) - (n * values.LongCount(x => x > candidate)));

    private static double[] Law(long[] candidates, long[] values, int n, int d, double epsilon, int rows) =>
        SelectionLaw.Exponential([.. candidates.Select(c => -Score(c, values, n, d))], IntervalQuantileTests.Scale(n, d, epsilon, rows));
}
