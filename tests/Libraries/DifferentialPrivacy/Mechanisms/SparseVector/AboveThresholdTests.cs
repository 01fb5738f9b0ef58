using Opaline.DifferentialPrivacy;
using Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.SparseVector;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class AboveThresholdTests
{
    private const double Hair = 1 + 1e-9;

    [Fact]
    public void Answers_follow_the_law_and_a_scale_without_c_is_noticed()
    {
        long[] queries = [1, -2, 0, 3];
        bool[][] all = [.. SparseVectorLaw.Answers(4, 2)];
        int[] draws = [.. Enumerable.Range(0, 25_000).Select(_ => Run())];
        AboveThreshold sample = New();
        (double t, double q) = (sample.ThresholdScale.ToDoubleUp(), sample.QueryScale.ToDoubleUp());
        Assert.False(Categorical.Rejects(draws, Law(t, q)));
        Assert.True(Categorical.Rejects(draws, Law(t, q / 2)));
        Assert.True(Categorical.Rejects(draws, Law(0, q)));

        int Run()
        {
            AboveThreshold vector = New();
            List<bool> answers = [];
            for (int i = 0; i < queries.Length && vector.HitsLeft > 0; i++)
                answers.Add(vector.IsAbove(10 + queries[i]));
            return Array.FindIndex(all, pattern => pattern.AsSpan().SequenceEqual([.. answers]));
        }

        AboveThreshold New() => new(10, 1, 2, 3);
        double[] Law(double threshold, double query)
        {
            SparseVectorLaw law = new(threshold, query);
            return [.. all.Select(pattern => law.Chance(queries, pattern))];
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Neighbours_differ_by_epsilon_at_most(int hits, bool monotone)
    {
        AboveThreshold vector = new(0, 1, hits, 2, monotone);
        SparseVectorLaw law = new(vector.ThresholdScale.ToDoubleDown(), vector.QueryScale.ToDoubleDown());
        bool[][] answers = [.. SparseVectorLaw.Answers(3, hits)];
        Dictionary<string, double[]> laws = [];
        double greatest = SelectionLaw.Neighbours(3, 3, monotone).Max(pair => Categorical.PureLoss(Law(pair.Scores), Law(pair.Neighbour)));
        Assert.InRange(greatest, 0.5, 2 * Hair);

        double[] Law(long[] queries)
        {
            string key = string.Join(' ', queries);
            long[] shifted = [.. queries.Select(q => q - 1)];
            return laws.TryGetValue(key, out double[]? known) ? known : laws[key] = [.. answers.Select(a => law.Chance(shifted, a))];
        }
    }

    // Twelve misses and a hit, where the misses' queries all lie one higher on the neighbour and the hit's one lower.
    [Fact]
    public void Every_misuse_of_its_noise_loses_more_than_epsilon()
    {
        AboveThreshold vector = new(0, 1, 1, 2);
        (double t, double q) = (vector.ThresholdScale.ToDoubleDown(), vector.QueryScale.ToDoubleDown());
        long[] queries = [.. Enumerable.Repeat(2L, 12), 1];
        long[] neighbour = [.. Enumerable.Repeat(3L, 12), 0];
        bool[] answers = [.. Enumerable.Repeat(false, 12), true];
        Assert.InRange(Loss(new SparseVectorLaw(t, q), queries, neighbour, answers), 0.5, 2 * Hair);
        Assert.True(Loss(new SparseVectorLaw(0, q), queries, neighbour, answers) > 2.5, "no noise on the threshold");
        Assert.True(Loss(new SparseVectorLaw(t, q / 4), queries, neighbour, answers) > 2.5, "a quarter of the noise on queries");
        Assert.True(Loss(new SparseVectorLaw(t, 1e-2), [0, 1], [1, 0], [false, true]) > 2.5, "no noise on queries");
        Assert.True(
            Math.Log(new SparseVectorLaw(t, q).ChanceOfValue(queries, -4) / new SparseVectorLaw(t, q).ChanceOfValue(neighbour, -4)) > 2.5,
            "the noisy value released");
        AboveThreshold four = new(0, 1, 4, 2);
        (t, q) = (four.ThresholdScale.ToDoubleDown(), four.QueryScale.ToDoubleDown());
        queries = [.. Enumerable.Repeat(0L, 12)];
        neighbour = [.. Enumerable.Repeat(1L, 8), .. Enumerable.Repeat(-1L, 4)];
        answers = [.. Enumerable.Repeat(false, 8), .. Enumerable.Repeat(true, 4)];
        Assert.InRange(Loss(new SparseVectorLaw(t, q), queries, neighbour, answers), 0.5, 2 * Hair);
        Assert.True(Loss(new SparseVectorLaw(t, q / 4), queries, neighbour, answers) > 2.5, "c forgotten");
    }

    [Fact]
    public void The_share_of_the_threshold_is_that_of_the_least_variance()
    {
        // 1 : (2c)^(2/3) with c = 4, and 1 : c^(2/3) with c = 8, are both 1 : 4.
        AboveThreshold general = new(0, 3, 4, 1);
        Assert.Equal(15, general.ThresholdScale);
        Assert.Equal(new Rational(2 * 4 * 3 * 5, 4), general.QueryScale);
        AboveThreshold monotone = new(0, 3, 8, 1, monotone: true);
        Assert.Equal(15, monotone.ThresholdScale);
        Assert.Equal(new Rational(8 * 3 * 5, 4), monotone.QueryScale);
        AboveThreshold halves = new(0, 3, 4, 1, thresholdShare: new Rational(1, 2));
        Assert.Equal(6, halves.ThresholdScale);
        Assert.Equal(48, halves.QueryScale);
    }

    [Fact]
    public void It_is_charged_half_of_epsilon_squared_whatever_is_asked()
    {
        AboveThreshold vector = new(100, 1, 3, new Rational(1, 2));
        PrivacyLoss loss = vector.Loss;
        for (int i = 0; i < 1000; i++)
            vector.IsAbove(-1_000_000);
        Assert.Equal(3, vector.HitsLeft);
        Assert.Equal(loss, vector.Loss);
        Assert.Equal(new PrivacyLoss(NanoRho.RoundUp(new Rational(1, 8)), AttoDelta.Zero), loss);
        Assert.Equal(new Rational(1, 2), vector.Epsilon);
    }

    [Fact]
    public void After_the_last_hit_it_answers_nothing()
    {
        AboveThreshold vector = new(0, 1, 2, 1);
        Assert.True(vector.IsAbove(long.MaxValue));
        Assert.False(vector.IsAbove(long.MinValue));
        Assert.True(vector.IsAbove(long.MaxValue));
        Assert.Equal(0, vector.HitsLeft);
        SparseVectorExhaustedException error = Assert.Throws<SparseVectorExhaustedException>(() => vector.IsAbove(long.MinValue));
        Assert.Contains("All hits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_share_the_hits()
    {
        AboveThreshold vector = new(0, 1, 100, 1);
        int hits = 0;
        int refused = 0;
        Parallel.For(0, 1000, _ =>
        {
            try
            {
                if (vector.IsAbove(long.MaxValue))
                    Interlocked.Increment(ref hits);
            }
            catch (SparseVectorExhaustedException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        Assert.Equal(100, hits);
        Assert.Equal(900, refused);
    }

    [Fact]
    public void Thresholds_and_queries_at_the_ends_of_their_range_do_not_overflow()
    {
        Assert.False(new AboveThreshold(long.MaxValue, 1, 1, 1).IsAbove(long.MinValue));
        Assert.True(new AboveThreshold(long.MinValue, 1, 1, 1).IsAbove(long.MaxValue));
        AboveThreshold wide = new(long.MaxValue, 1L << 40, 1, 1);
        for (int i = 0; i < 100 && wide.HitsLeft > 0; i++)
            wide.IsAbove(long.MaxValue);
    }

    // 2,000 runs of 20 queries each: 6.5 standard deviations above the stated chance, below 1e-10. Half the margin is noticed.
    [Fact]
    public void Answers_are_wrong_by_more_than_the_margin_as_rarely_as_stated()
    {
        const int runs = 2000;
        const double alpha = 0.1;
        long margin = new AboveThreshold(0, 1, 20, 1).Margin(20, alpha);
        double greatest = (runs * alpha) + (6.5 * Math.Sqrt(runs * alpha * (1 - alpha)));
        Assert.InRange(Wrong(margin), 0, greatest);
        Assert.True(Wrong(margin / 3) > greatest);

        int Wrong(long distance) => Enumerable.Range(0, runs).Count(run =>
        {
            AboveThreshold vector = new(0, 1, 20, 1);
            return Enumerable.Range(0, 20).Any(i => vector.IsAbove(i % 2 == 0 ? distance : -distance - 1) != (i % 2 == 0));
        });
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        foreach (long sensitivity in (long[])[0, -1, long.MinValue])
            Assert.Equal("sensitivity", Name(() => new AboveThreshold(0, sensitivity, 1, 1)));
        Assert.Equal("hits", Name(() => new AboveThreshold(0, 1, 0, 1)));
        foreach (Rational epsilon in (Rational[])[0, -1, (1 << 16) + 1, new(1, 1L << 51)])
            Assert.Equal("epsilon", Name(() => new AboveThreshold(0, 1, 1, epsilon)));
        foreach (Rational share in (Rational[])[0, 1, -1, 2])
            Assert.Equal("thresholdShare", Name(() => new AboveThreshold(0, 1, 1, 1, thresholdShare: share)));
        Assert.Equal("queries", Name(() => new AboveThreshold(0, 1, 1, 1).Margin(0, 0.1)));
        foreach (double alpha in (double[])[0, 1, double.NaN])
            Assert.Equal("alpha", Name(() => new AboveThreshold(0, 1, 1, 1).Margin(1, alpha)));
    }

    private static double Loss(SparseVectorLaw law, long[] queries, long[] neighbour, bool[] answers) =>
        Math.Abs(Math.Log(law.Chance(queries, answers) / law.Chance(neighbour, answers)));
}
