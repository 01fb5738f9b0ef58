using Opaline.DifferentialPrivacy;
using Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Quantiles;

/// <summary>
/// Against the law of the exponential mechanism over every integer of the range. False alarms below 1e-9; see <see cref="ChiSquare"/>.
/// </summary>
public class IntervalQuantileTests
{
    private static readonly Rational Median = new(1, 2);

    public static TheoryData<long[], int, int> Data => new()
    {
        { [3, 9, 3, 3, 15, -20, 40, 8], 1, 2 },
        { [3, 9, 3, 3, 15, -20, 40, 8], 9, 10 },
        { [0, 20, 20], 0, 1 },
        { [7, 7, 7, 7], 1, 3 },
        { [], 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Data))]
    public void Estimates_follow_the_law_of_single_integers(long[] values, int n, int d)
    {
        IntervalQuantile quantile = new(0, 20, new Rational(n, d), 2, 3);
        (long, long)[] histogram = [.. values.Distinct().Order().Select(v => (v, values.LongCount(x => x == v)))];
        int[] draws = Draw(() => quantile.Estimate(values));
        double[] law = Law(0, 20, values, n, d, 3, 2);
        Assert.False(Categorical.Rejects(draws, law));
        Assert.False(Categorical.Rejects(Draw(() => quantile.Estimate(histogram)), law));
        if (values.Length > 0)
            Assert.True(Categorical.Rejects(draws, Law(0, 20, values, n, d, 3, 1)));

        static int[] Draw(Func<long> estimate) => [.. Enumerable.Range(0, 10_000).Select(_ => (int)estimate())];
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(9, 10, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 2)]
    public void Neighbours_differ_by_epsilon_at_most_in_law_and_in_range(int n, int d, int rows)
    {
        double greatest = 0;
        double broken = 0;
        foreach (long[] values in SelectionLaw.Vectors(3, -1, 4))
        {
            foreach (long[] added in SelectionLaw.Vectors(rows, -1, 4))
            {
                long[] more = [.. values, .. added];
                double[] law = Law(0, 3, values, n, d, 1, rows);
                double[] other = Law(0, 3, more, n, d, 1, rows);
                greatest = Math.Max(greatest, Math.Max(Categorical.Range(law, other), Categorical.PureLoss(law, other)));
                broken = Math.Max(broken, Categorical.Range(Law(0, 3, values, n, d, 2, rows), Law(0, 3, more, n, d, 2, rows)));
            }
        }
        Assert.InRange(greatest, 0.4, 1 + 1e-9);
        Assert.True(broken > 1.1);
    }

    [Fact]
    public void The_whole_range_of_64_bits_is_served()
    {
        IntervalQuantile median = new(long.MinValue, long.MaxValue, Median, 1, 1 << 10);
        Assert.Equal(5, median.Estimate([long.MinValue, 5, 5, 5, long.MaxValue]));
        Assert.Equal(long.MaxValue, median.Estimate([long.MaxValue, long.MaxValue]));
        Assert.Equal(long.MinValue, median.Estimate([(long.MinValue, long.MaxValue), (0, 1)]));
        // Uniform on 2^64 integers: not once below in 100 has a chance of 2^-100.
        long[] nothing = [.. Enumerable.Range(0, 100).Select(_ => median.Estimate(ReadOnlySpan<long>.Empty))];
        Assert.Contains(nothing, x => x < 0);
        Assert.Contains(nothing, x => x > 0);
        Assert.Equal(4, new IntervalQuantile(4, 4, Median, 1, 1).Estimate([1, 2, 3]));
    }

    // A value that many rows share has no width between its neighbours; it is found all the same, with a chance above 1 − e^-100.
    [Fact]
    public void A_value_that_most_rows_share_is_found()
    {
        long[] values = [.. Enumerable.Repeat(42L, 400), 7, 99];
        Assert.Equal(42, new IntervalQuantile(0, 1_000_000, Median, 1, 2).Estimate(values));
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void A_rank_error_above_the_bound_is_as_rare_as_stated(long[] values, int n, int d)
    {
        foreach (double alpha in (double[])[0.5, 0.05, 1e-3])
        {
            Rational bound = new IntervalQuantile(0, 20, new Rational(n, d), 1, 20).RankError(alpha);
            double[] law = Law(0, 20, values, n, d, 20, 1);
            double above = law.Where((_, r) => new Rational(RankDistance(r, Clamped(0, 20, values), n, d), d) > bound).Sum();
            Assert.True(above <= alpha);
        }
    }

    // Δ = 2·1 for the median and two rows a unit, the scale is 4 and 1,000 integers are the range: 4·ln(999/0.01) = 46.05 halves of a row.
    [Fact]
    public void The_rank_error_is_known_before_the_data_are() =>
        Assert.Equal(23, new IntervalQuantile(1, 1000, Median, 2, 1).RankError(0.01));

    [Fact]
    public void It_is_charged_as_the_exponential_mechanism_that_it_is()
    {
        IntervalQuantile quantile = new(0, 9, Median, 3, new Rational(1, 2));
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(1, 32)), AttoDelta.Zero), quantile.Loss);
        Assert.Equal(new Rational(1, 2), quantile.Epsilon);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("upper", Name(() => new IntervalQuantile(1, 0, Median, 1, 1)));
        foreach (Rational quantile in (Rational[])[-1, 2, new(11, 10)])
            Assert.Equal("quantile", Name(() => new IntervalQuantile(0, 1, quantile, 1, 1)));
        foreach (long rows in (long[])[0, -1])
            Assert.Equal("rowsPerUnit", Name(() => new IntervalQuantile(0, 1, Median, rows, 1)));
        foreach (Rational epsilon in (Rational[])[0, -1, (1 << 16) + 1])
            Assert.Equal("epsilon", Name(() => new IntervalQuantile(0, 1, Median, 1, epsilon)));
        Assert.Equal("histogram", Name(() => new IntervalQuantile(0, 1, Median, 1, 1).Estimate([(1, -1)])));
        Assert.Equal("alpha", Name(() => new IntervalQuantile(0, 1, Median, 1, 1).RankError(0)));
    }

    /// <summary>d times the distance from (n/d)·N to the ranks from #(x &lt; r) to #(x ≤ r).</summary>
    internal static long RankDistance(long r, long[] values, int n, int d)
    {
        long rank = n * values.LongLength;
        long least = d * values.LongCount(x => x < r);
        long greatest = d * values.LongCount(x => x <= r);
        return rank < least ? least - rank : Math.Max(0, rank - greatest);
    }

    internal static double Scale(int n, int d, double epsilon, int rows) =>
        (n == 0 || n == d ? 1.0 : 2.0) * rows * Math.Max(n, d - n) / epsilon;

    private static long[] Clamped(long lower, long upper, long[] values) => [.. values.Select(x => Math.Clamp(x, lower, upper))];

    private static double[] Law(int lower, int upper, long[] values, int n, int d, double epsilon, int rows) =>
        SelectionLaw.Exponential(
            [.. Enumerable.Range(lower, upper - lower + 1).Select(r => -RankDistance(r, Clamped(lower, upper, values), n, d))],
            Scale(n, d, epsilon, rows));
}
