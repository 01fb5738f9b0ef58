using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Bounds;

public class ApproximateBoundsTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(2, 6)]
    [InlineData(3, 7)]
    [InlineData(4, 7)]
    [InlineData(5, 8)]
    [InlineData(16, 9)]
    [InlineData(17, 9)]
    [InlineData(long.MaxValue, 9)]
    [InlineData(-1, 4)]
    [InlineData(-2, 3)]
    [InlineData(-3, 2)]
    [InlineData(-16, 0)]
    [InlineData(long.MinValue, 0)]
    public void A_row_is_in_the_bin_of_its_sign_and_magnitude(long value, int bin)
    {
        long[] rows = ApproximateBounds.ForPure(5, 1, 1).Histogram([value]);
        Assert.Equal(1, rows[bin]);
        Assert.Equal(1, rows.Sum());
    }

    [Fact]
    public void Whoever_counts_by_the_starts_of_the_bins_counts_the_same()
    {
        ApproximateBounds bounds = ApproximateBounds.ForPure(5, 1, 1);
        for (long value = -40; value <= 40; value++)
            Assert.Equal(Array.IndexOf(bounds.Histogram([value]), 1), bounds.BinStarts.Count(start => start <= value));
        long[] rows = bounds.Histogram([.. Enumerable.Repeat(5L, 1_000)]);
        Assert.Equal(new IntegerBounds(4, 8), bounds.Find(rows));
        Assert.Throws<ArgumentException>(() => bounds.Find(new long[9]));
    }

    [Fact]
    public void Bins_of_63_powers_hold_all_integers()
    {
        ApproximateBounds bounds = ApproximateBounds.ForPure(63, 1, 10);
        long[] rows = bounds.Histogram([long.MinValue, long.MaxValue, 1L << 62, (1L << 62) + 1, 1L << 61]);
        Assert.Equal((1, 3, 1), (rows[0], rows[^1], rows[^2]));
        long[] extremes = [.. Enumerable.Repeat(long.MinValue, 100), .. Enumerable.Repeat(long.MaxValue, 100)];
        Assert.Equal(new IntegerBounds(-(1L << 62), 1L << 62), bounds.Release(extremes));
    }

    [Theory]
    [InlineData(5, 5, 4, 8)]
    [InlineData(-3, 9, -4, 16)]
    [InlineData(-9, -3, -16, -2)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(-1, -1, -1, 0)]
    [InlineData(2, 1000, 1, 16)]
    public void Bounds_are_the_outermost_edges_of_the_bins_that_stand_out(long first, long second, long lower, long upper)
    {
        long[] values = [.. Enumerable.Repeat(first, 200), .. Enumerable.Repeat(second, 200), 7, -7];
        // The two odd rows are far below the threshold, and the noise of scale 1 is nowhere near 170.
        Assert.Equal(new IntegerBounds(lower, upper), ApproximateBounds.ForPure(5, 1, 1).Release(values));
    }

    [Fact]
    public void Nothing_is_found_in_nothing()
    {
        // With 10 bins 1/(2B) = 5 %: about one search in 20 finds noise. 2,000 searches: 300 would be 20 standard deviations away.
        ApproximateBounds bounds = ApproximateBounds.ForPure(5, 1, 1);
        int found = Enumerable.Range(0, 2_000).Count(_ => bounds.Release([]) is not null);
        Assert.InRange(found, 1, 300);
    }

    // −ln(2 − 2p^(1/(B − 1)))/ε of the paper is the continuous form of the first threshold: at B = 10, ε = ln 3 and p = 1 − 1e-9 it is
    // 20.23 [calc].
    [Fact]
    public void Thresholds_are_those_of_the_formula_and_fall()
    {
        ApproximateBounds bounds = new(5, 1, new DiscreteLaplace(Rational.FromDouble(1 / Math.Log(3))));
        long[] thresholds = bounds.TriedThresholds.ToArray();
        double ofOne = -Math.Pow(1 - 1e-9, 1.0 / 9) + 1;
        double formula = -Math.Log(2 * ofOne) / Math.Log(3);
        Assert.Equal(20.23, formula, 0.01);
        Assert.InRange(thresholds[0], formula, formula + 1.5);
        Assert.Equal(thresholds.OrderDescending().Distinct(), thresholds);
        // The last: P(X ≥ K) ≤ 1 − (1 − f)^(1/9) for the last doubling f of 1e-9 below 5 %, 0.0336.
        Assert.True(bounds.Noise.UpperTail(thresholds[^1]) <= 1 - Math.Pow(1 - 0.0336, 1.0 / 9));
        Assert.True(bounds.Noise.UpperTail(thresholds[^1] - 1) > 1 - Math.Pow(1 - 0.0336, 1.0 / 9));
    }

    [Fact]
    public void All_rows_of_a_unit_may_be_in_one_bin()
    {
        ApproximateBounds laplace = ApproximateBounds.ForPure(5, 4, new Rational(1, 2));
        Assert.Equal(new Rational(1, 2), laplace.Epsilon);
        Assert.Equal(PrivacyLoss.OfPure(new Rational(1, 2)), laplace.Loss);
        Assert.Equal(0.5, JointTails.LogRatio((laplace.Noise, 4, 1)), 1e-9); // a twin for one row would claim 1/8
        ApproximateBounds gaussian = ApproximateBounds.For(5, 4, new NanoRho(1000));
        Assert.Equal(1000, gaussian.Loss.Rho.Value);
        Assert.Equal(gaussian.Loss.Rho.Rho, JointTails.Rho((gaussian.Noise, 4, 1)));
        Assert.Null(gaussian.Epsilon);
    }

    [Fact]
    public void Every_bin_gets_its_own_noise_and_extremes_do_not_wrap()
    {
        ApproximateBounds bounds = ApproximateBounds.ForPure(1, 1, 1);
        Assert.Equal(new IntegerBounds(-1, 0), bounds.Find([0, 0], [long.MaxValue, long.MinValue]));
        Assert.Equal(new IntegerBounds(0, 1), bounds.Find([long.MaxValue, long.MaxValue], [long.MinValue, long.MaxValue]));
        Assert.Null(bounds.Find([0, 0], [0, 0]));
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.Equal("binsPerSign", Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateBounds.ForPure(0, 1, 1)).ParamName);
        Assert.Equal("binsPerSign", Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateBounds.ForPure(64, 1, 1)).ParamName);
        Assert.Equal("maxRowsPerUnit", Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateBounds.ForPure(5, 0, 1)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateBounds.ForPure(5, 1, 0)).ParamName);
        Assert.Equal("noise", Assert.Throws<ArgumentException>(() => new ApproximateBounds(5, 1, new TestNoise.Unknown())).ParamName);
    }
}
