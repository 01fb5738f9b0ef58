using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accuracy;

public class RatioAccuracyTests
{
    private const int Runs = 10_000;

    // 10,000 runs at 95 %: a coverage below 93.5 % has a chance below 1e-9 (6.8 standard deviations). The twin believes half of the
    // numerator's noise.
    [Theory]
    [InlineData(5000, 400)]
    [InlineData(-900, 60)]
    [InlineData(0, 200)]
    [InlineData(300, 1)]
    public void Interval_covers_the_ratio_at_least_as_often_as_it_says_and_a_twin_does_not(long sum, long count)
    {
        DiscreteGaussian sumNoise = new(250_000);
        DiscreteGaussian countNoise = new(25);
        double covered = Coverage(new RatioAccuracy(sumNoise, countNoise, 0.95), sumNoise, countNoise, sum, count);
        Assert.True(covered > 0.935, $"covered {covered}");
        if (count > 100)
        {
            double twin = Coverage(new RatioAccuracy(new DiscreteGaussian(62_500), countNoise, 0.95), sumNoise, countNoise, sum, count);
            Assert.True(twin < 0.935, $"the twin covered {twin}");
        }
    }

    [Fact]
    public void Interval_is_narrower_than_that_of_an_even_split_and_holds_the_estimate()
    {
        DiscreteGaussian sumNoise = new(250_000);
        DiscreteGaussian countNoise = new(25);
        ConfidenceInterval interval = new RatioAccuracy(sumNoise, countNoise, 0.95).Interval(5000, 400);
        long sumHalf = sumNoise.HalfWidth(0.025);
        long countHalf = countNoise.HalfWidth(0.025);
        Assert.InRange(12.5, interval.Low, interval.High);
        Assert.True(interval.High < (5000.0 + sumHalf) / (400 - countHalf));
        Assert.True(interval.Low > (5000.0 - sumHalf) / (400 + countHalf));
    }

    [Fact]
    public void Interval_of_a_count_that_may_be_zero_is_everything_and_bounds_cut_it()
    {
        RatioAccuracy accuracy = new(new DiscreteGaussian(100), new DiscreteGaussian(100), 0.95);
        ConfidenceInterval interval = accuracy.Interval(50, 3);
        Assert.Equal(double.NegativeInfinity, interval.Low);
        Assert.Equal(double.PositiveInfinity, interval.High);
        Assert.Equal(new ConfidenceInterval(0, 200), interval.Within(0, 200));
    }

    [Fact]
    public void Interval_is_mirrored_with_the_numerator()
    {
        RatioAccuracy accuracy = new(new DiscreteGaussian(10_000), new DiscreteLaplace(10), 0.9);
        ConfidenceInterval positive = accuracy.Interval(4321, 1000);
        ConfidenceInterval negative = accuracy.Interval(-4321, 1000);
        Assert.Equal(positive.Low, -negative.High);
        Assert.Equal(positive.High, -negative.Low);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_confidence_outside_its_range_is_refused_by_name(double confidence)
    {
        DiscreteGaussian noise = new(1);
        Assert.Equal(
            "confidence", Assert.Throws<ArgumentOutOfRangeException>(() => new RatioAccuracy(noise, noise, confidence)).ParamName);
    }

    private static double Coverage(RatioAccuracy accuracy, DiscreteGaussian sumNoise, DiscreteGaussian countNoise, long sum, long count)
    {
        double ratio = (double)sum / count;
        long[] sums = new long[Runs];
        long[] counts = new long[Runs];
        sumNoise.Fill(sums);
        countNoise.Fill(counts);
        int covered = 0;
        for (int i = 0; i < Runs; i++)
        {
            ConfidenceInterval interval = accuracy.Interval(new BigInteger(sum + sums[i]), new BigInteger(count + counts[i]));
            covered += interval.Low <= ratio && ratio <= interval.High ? 1 : 0;
        }
        return (double)covered / Runs;
    }
}
