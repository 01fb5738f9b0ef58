using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.PartitionSelection;

public class DiscreteLaplaceThresholdTests
{
    // A grid so fine that the discrete law is the continuous one to 12 digits: values of the literature's continuous thresholds in units of
    // it.
    private const long Fine = 1L << 40;

    // The first: Tumult doctest; the second: [calc] e^-9/(1 + e^-1). OpenDP's own test says 3.319000812207484e-5 there: the value for >,
    // not ≥ (opendp/opendp#2922).
    [Theory]
    [InlineData(50, 3.8328565409781243e-22)]
    [InlineData(10, 9.0219795964697e-5)]
    public void Delta_is_the_golden_value(long threshold, double expected)
    {
        double actual = ThresholdDelta.For(new DiscreteLaplace(1), 1, 1, threshold);
        Assert.Equal(expected, actual, expected * 1e-9);
        AttoDelta charged = DiscreteLaplaceThreshold.At(1, 1, 1, threshold).Loss.Delta;
        Assert.InRange(charged.Value, expected * 1e18, (expected * 1e18 * (1 + 1e-9)) + 1);
    }

    [Fact]
    public void The_poisoned_constant_is_not_the_delta() =>
        Assert.True(DiscreteLaplaceThreshold.At(1, 1, 1, 10).Loss.Delta > AttoDelta.RoundUp(2.5 * 3.319000812207484e-5));

    // google/differential-privacy:cc/algorithms/partition-selection_test.cc (0.5, 0.02); go/noise/laplace_noise_test.go
    // TestThresholdLaplace (ln 3, 1e-10).
    [Theory]
    [InlineData(0.5, 0.02, 7.43775164974, 1e-11)]
    [InlineData(1.0986122886681098, 1e-10, 21.33, 0.005)]
    public void Thresholds_are_the_continuous_ones_in_the_limit(double epsilon, double delta, double expected, double tolerance)
    {
        DiscreteLaplaceThreshold selection = DiscreteLaplaceThreshold.For(Fine / Rational.FromDouble(epsilon), 1, Fine, delta);
        Assert.Equal(expected, (double)selection.Threshold / Fine, tolerance);
        Assert.Equal(1 - (Math.Log(2 * delta) / epsilon), (double)selection.Threshold / Fine, 1e-10);
    }

    // google/zetasql, ε = ln 3.
    [Theory]
    [InlineData(5, 0.00617283960)]
    [InlineData(20, 4.3019580e-10)]
    public void Deltas_are_the_continuous_ones_in_the_limit(int threshold, double expected)
    {
        DiscreteLaplaceThreshold selection =
            DiscreteLaplaceThreshold.At(Fine / Rational.FromDouble(Math.Log(3)), 1, Fine, (BigInteger)threshold * Fine);
        Assert.Equal(expected, (double)selection.Loss.Delta.Value / 1e18, expected * 2e-8);
    }

    // τ = perKey + ⌈s·ln(1/(δ1·(1 + a)))⌉, δ1 = 1 − (1 − δ)^(1/l0); the search may only differ where the closed form in doubles is within
    // rounding of an integer.
    [Fact]
    public void The_search_finds_the_threshold_of_the_closed_form() =>
        Gen.Select(Gen.Double[0.2, 500], Gen.Int[1, 20], Gen.Long[1, 1000], Gen.Double[-15, -1]).Sample((scale, l0, perKey, power) =>
        {
            double delta = Math.Pow(10, power);
            double one = -double.ExpM1(double.LogP1(-delta) / l0);
            if (delta < 1e-4)
                one = delta / l0 * (1 + ((l0 - 1) * delta / (2.0 * l0)));
            double real = -scale * Math.Log(one * (1 + Math.Exp(-1 / scale)));
            long expected = perKey + Math.Max(0, (long)Math.Ceiling(real));
            long actual = DiscreteLaplaceThreshold.For(Rational.FromDouble(scale), l0, perKey, delta).Threshold;
            // Below 1 the tail is not of that form: 1 − a/(1 + a) at 0.
            if (real > 0.001 && Math.Abs(real - Math.Round(real)) > 1e-6 * real)
                Assert.Equal(expected, actual);
        });

    [Theory]
    [InlineData(1, 1, 1, 1e-6)]
    [InlineData(7, 3, 2, 1e-9)]
    [InlineData(40, 2, 10, 0.3)]
    public void Threshold_is_the_least_whose_delta_by_direct_sums_is_small_enough(int scale, int l0, int perKey, double delta)
    {
        DiscreteLaplaceThreshold selection = DiscreteLaplaceThreshold.For(scale, l0, perKey, delta);
        DirectLaw law = DirectLaw.Laplace(scale);
        double Delta(long threshold) => ThresholdDelta.OfKeys(law.UpperTail(threshold - perKey), l0);
        Assert.True(Delta(selection.Threshold) <= delta);
        Assert.True(Delta(selection.Threshold - 1) > delta);
        double exact = Delta(selection.Threshold) * 1e18;
        Assert.InRange((double)selection.Loss.Delta.Value, exact * (1 - 1e-11), (exact * (1 + 1e-9)) + 1);
        Assert.Equal(new Rational(l0 * perKey, scale), selection.Epsilon);
        Assert.Equal(Zcdp.OfPure(selection.Epsilon), selection.Loss.Rho);
    }

    // google/differential-privacy, fix #101 of the Go library: 37.3 taken as 37 told keys that it must not.
    [Fact]
    public void A_real_threshold_is_rounded_up()
    {
        Assert.Equal(38, DiscreteLaplaceThreshold.At(1, 1, 1, new Rational(373, 10)).Threshold);
        Assert.Equal(37, DiscreteLaplaceThreshold.At(1, 1, 1, 37).Threshold);
    }

    // 100,000 keys: 6.5 standard deviations, a chance below 1e-10 each. The twin that keeps above τ only, and so has a chance less by a
    // factor a, is rejected.
    [Fact]
    public void Keys_are_told_as_often_as_the_chance_says()
    {
        const int keys = 100_000;
        DiscreteLaplaceThreshold selection = DiscreteLaplaceThreshold.For(2, 1, 1, 0.05);
        DirectLaw law = DirectLaw.Laplace(2);
        foreach (int units in (int[])[1, 3, 10])
        {
            int kept = Enumerable.Range(0, keys).Count(_ => selection.Keeps(units));
            Assert.Equal(law.UpperTail(selection.Threshold - units), selection.KeepProbability(units), 1e-9);
            Assert.InRange(Deviations(kept, law.UpperTail(selection.Threshold - units)), -6.5, 6.5);
            Assert.NotInRange(Deviations(kept, law.UpperTail(selection.Threshold + 1 - units)), -6.5, 6.5);
        }
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(selection.Keeps(0)));
        Assert.Equal(0, selection.KeepProbability(0));

        static double Deviations(int kept, double p) => (kept - (keys * p)) / Math.Sqrt(keys * p * (1 - p));
    }

    [Fact]
    public void A_told_number_is_noisy_and_reaches_the_threshold()
    {
        DiscreteLaplaceThreshold selection = DiscreteLaplaceThreshold.For(2, 1, 1, 1e-6);
        long units = selection.Threshold + 2;
        BigInteger?[] told = [.. Enumerable.Range(0, 5000).Select(_ => selection.Release(units))];
        Assert.All(told, noisy => Assert.True(noisy is null || noisy >= selection.Threshold));
        Assert.True(told.Distinct().Count() > 10);
        Assert.Contains(null, told);
        Assert.Contains(selection.Threshold, told);
    }

    [Fact]
    public void The_greatest_numbers_are_told_without_overflow()
    {
        DiscreteLaplaceThreshold selection = DiscreteLaplaceThreshold.For(BigInteger.One << 50, 1, 1L << 60, 1e-300);
        Assert.True(selection.Threshold > 1L << 60);
        BigInteger?[] told = [.. Enumerable.Range(0, 100).Select(_ => selection.Release(long.MaxValue))];
        Assert.Contains(told, noisy => noisy > long.MaxValue); // all 100 below: 2^-100
        Assert.Contains(told, noisy => noisy < long.MaxValue);
        Assert.InRange(selection.KeepProbability(long.MaxValue), 1 - 1e-9, 1);
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("scale", Name(() => DiscreteLaplaceThreshold.For(0, 1, 1, 1e-6)));
        Assert.Equal("l0", Name(() => DiscreteLaplaceThreshold.For(1, 0, 1, 1e-6)));
        Assert.Equal("perKey", Name(() => DiscreteLaplaceThreshold.For(1, 1, 0, 1e-6)));
        Assert.Equal("perKey", Name(() => DiscreteLaplaceThreshold.For(1, 1, (1L << 60) + 1, 1e-6)));
        Assert.Equal("perKey", Name(() => DiscreteLaplaceThreshold.For(1, int.MaxValue, 1L << 60, 1e-6))); // ε of 2^91
        foreach (double delta in (double[])[double.NaN, 0, 1, -1e-6, double.PositiveInfinity, double.Epsilon])
            Assert.Equal("delta", Name(() => DiscreteLaplaceThreshold.For(1, 1, 1, delta)));
        Assert.Equal("threshold", Name(() => DiscreteLaplaceThreshold.At(1, 1, 5, 4)));
        Assert.Equal("threshold", Name(() => DiscreteLaplaceThreshold.At(1, 1, 1, (1L << 62) + 1)));
        Assert.Equal("units", Name(() => DiscreteLaplaceThreshold.For(1, 1, 1, 1e-6).KeepProbability(-1)));
        Assert.Equal("units", Name(() => DiscreteLaplaceThreshold.For(1, 1, 1, 1e-6).Keeps(-1)));
    }
}
