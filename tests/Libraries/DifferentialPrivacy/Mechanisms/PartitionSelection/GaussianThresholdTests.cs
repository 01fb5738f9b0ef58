using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.PartitionSelection;

public class GaussianThresholdTests
{
    [Theory]
    [InlineData(1, 1, 1e-6)]
    [InlineData(100, 1, 1e-6)]
    [InlineData(100, 16, 1e-6)]
    [InlineData(2500, 5, 1e-9)]
    [InlineData(100, 3, 0.2)]
    public void Threshold_is_the_least_whose_delta_by_direct_sums_is_small_enough(int sigmaSquared, int l0, double delta)
    {
        GaussianThreshold selection = GaussianThreshold.For(sigmaSquared, l0, delta);
        DirectLaw law = DirectLaw.Gaussian(sigmaSquared);
        double expected = Delta(law.UpperTail(selection.Threshold - 1), l0);
        Assert.True(expected <= delta);
        Assert.True(Delta(law.UpperTail(selection.Threshold - 2), l0) > delta);
        Assert.InRange(selection.Loss.Delta.Delta.ToDoubleUp(), expected * (1 - 1e-12), (expected * (1 + 1e-11)) + 1e-18);
        Assert.Equal(GaussianScale.RhoOf(l0, sigmaSquared), selection.Loss.Rho);
    }

    // opendp/opendp#2922: keys are kept at ≥ τ, so the one-unit key x = τ − 1 belongs to δ. The twin that sums from τ promises too little.
    [Fact]
    public void Delta_covers_what_is_kept_at_the_threshold_itself()
    {
        GaussianThreshold selection = GaussianThreshold.For(25, 1, 1e-6);
        DirectLaw law = DirectLaw.Gaussian(25);
        double kept = 0;
        double twin = 0;
        for (long x = -200; x <= 200; x++)
        {
            if (1 + x >= selection.Threshold)
                kept += law.Probability(x);
            if (1 + x > selection.Threshold)
                twin += law.Probability(x);
        }
        double charged = selection.Loss.Delta.Delta.ToDoubleUp();
        Assert.InRange(charged, kept * (1 - 1e-12), (kept * (1 + 1e-9)) + 1e-18);
        Assert.True(twin < 0.5 * charged);
    }

    // 20,000 keys of τ units: P(X = 0) is 0.040, so that none stands at τ exactly has a chance of 0.96^20000. What is told is at least τ.
    [Fact]
    public void A_key_is_kept_from_the_threshold_on()
    {
        GaussianThreshold selection = GaussianThreshold.For(100, 4, 1e-6);
        BigInteger?[] told = [.. Enumerable.Range(0, 20_000).Select(_ => selection.Release(selection.Threshold))];
        Assert.Contains(selection.Threshold, told);
        Assert.All(told, noisy => Assert.True(noisy is null || noisy >= selection.Threshold));
        Assert.Contains(null, told);
    }

    [Fact]
    public void A_key_that_nobody_has_is_never_told()
    {
        GaussianThreshold selection = GaussianThreshold.For(100, 1, 0.9);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(selection.Keeps(0)));
        Assert.Contains(Enumerable.Range(0, 1000), _ => selection.Keeps(1));
    }

    [Fact]
    public void A_unit_with_more_rows_in_a_key_lifts_the_threshold_and_the_loss()
    {
        GaussianThreshold selection = GaussianThreshold.For(100, 3, 5, 1e-6);
        Assert.Equal(GaussianThreshold.For(100, 3, 1e-6).Threshold + 4, selection.Threshold);
        Assert.Equal(GaussianScale.RhoOf(75, 100), selection.Loss.Rho);
    }

    [Fact]
    public void Delta_grows_with_the_keys_of_a_unit_but_never_past_the_sum() =>
        Gen.Select(Gen.Double[-300, -0.001], Gen.Int[1, 1000]).Sample((power, l0) =>
        {
            double one = Math.Pow(10, power);
            double all = ThresholdDelta.OfKeys(one, l0);
            Assert.InRange(all, one, Math.Min(1, one * l0 * (1 + 1e-12)));
            if (one > 1e-3)
                Assert.Equal(1 - Math.Pow(1 - one, l0), all, 1e-9);
        });

    [Fact]
    public void A_forgotten_l0_would_be_noticed() =>
        Assert.True(GaussianThreshold.For(100, 16, 1e-6).Threshold > GaussianThreshold.For(100, 1, 1e-6).Threshold);

    [Fact]
    public void The_chance_of_being_shown_is_the_tail_from_the_threshold()
    {
        GaussianThreshold selection = GaussianThreshold.For(100, 1, 1e-6);
        Assert.Equal(0, selection.KeepProbability(0));
        Assert.Equal(selection.Loss.Delta.Delta.ToDoubleUp(), selection.KeepProbability(1), 1e-17);
        Assert.InRange(selection.KeepProbability(selection.Threshold), 0.5, 0.53);
        Assert.InRange(selection.KeepProbability(long.MaxValue), 1 - 1e-9, 1);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("sigmaSquared", Name(() => GaussianThreshold.For(0, 1, 1e-6)));
        Assert.Equal("l0", Name(() => GaussianThreshold.For(1, 0, 1e-6)));
        foreach (double delta in (double[])[double.NaN, 0, 1, -1e-6, double.PositiveInfinity, double.Epsilon])
            Assert.Equal("delta", Name(() => GaussianThreshold.For(1, 1, delta)));
        Assert.Equal("units", Name(() => GaussianThreshold.For(1, 1, 1e-6).KeepProbability(-1)));
    }

    private static double Delta(double one, int l0)
    {
        double all = 1 - Math.Pow(1 - one, l0);
        return all > 1e-4 ? all : l0 * one * (1 - ((l0 - 1) * one / 2));
    }
}
