using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accuracy;

public class VarianceAccuracyTests
{
    private const int Runs = 5_000;

    // 5,000 runs at 90 %: a coverage below 87 % has a chance below 1e-11 (7 standard deviations); the twin believes a tenth of the noise of
    // the squares.
    [Fact]
    public void Interval_covers_the_variance_and_a_twin_does_not()
    {
        (DiscreteGaussian count, DiscreteGaussian sum, DiscreteGaussian squares) = (new(4), new(400), new(1_000_000));
        double covered = Coverage(new VarianceAccuracy(count, sum, squares, 0.9), count, sum, squares);
        Assert.True(covered > 0.87, $"covered {covered}");
        double twin = Coverage(new VarianceAccuracy(count, sum, new DiscreteGaussian(10_000), 0.9), count, sum, squares);
        Assert.True(twin < 0.87, $"the twin covered {twin}");
    }

    [Fact]
    public void Interval_holds_the_estimate_and_is_never_negative()
    {
        VarianceAccuracy accuracy = new(new DiscreteGaussian(4), new DiscreteGaussian(400), new DiscreteGaussian(1_000_000), 0.95);
        ConfidenceInterval interval = accuracy.Interval(1_000, 2_000, 40_000);
        Assert.InRange(36, interval.Low, interval.High);
        Assert.Equal(0, accuracy.Interval(1_000, 10_000, 100_000).Low);
        Assert.Equal(new ConfidenceInterval(0, double.PositiveInfinity), accuracy.Interval(2, 0, 100));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 - 1.1102230246251565e-16)]
    public void A_confidence_outside_its_range_is_refused_by_name(double confidence)
    {
        DiscreteGaussian noise = new(1);
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => new VarianceAccuracy(noise, noise, noise, confidence));
        Assert.Equal("confidence", error.ParamName);
    }

    private static double Coverage(VarianceAccuracy accuracy, DiscreteGaussian count, DiscreteGaussian sum, DiscreteGaussian squares)
    {
        const double Variance = (80_000.0 / 500) - (4.0 * 4.0);
        int covered = 0;
        for (int i = 0; i < Runs; i++)
        {
            ConfidenceInterval interval = accuracy.Interval(500 + count.Sample(), 2_000 + sum.Sample(), 80_000 + squares.Sample());
            covered += interval.Low <= Variance && Variance <= interval.High ? 1 : 0;
        }
        return (double)covered / Runs;
    }
}
