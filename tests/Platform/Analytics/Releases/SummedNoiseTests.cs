using System.Numerics;
using Opaline.Analytics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class SummedNoiseTests
{
    private static readonly DiscreteGaussian First = new(30);
    private static readonly DiscreteLaplace Second = new(7);

    [Fact]
    public void A_sum_has_the_half_width_of_its_law_when_it_is_asked_for_and_when_it_is_asked_for_again()
    {
        SummedNoise sums = new();
        BigInteger expected = new SumAccuracy([(First, 3), (First, 3), (Second, -2), (Second, -2)], 0.95).HalfWidth;
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(expected, sums.HalfWidth([(First, 3), (Second, -2)], 2, 0.05));
            // Order and signs make no difference, and the unit is no more than one.
            Assert.Equal(10 * expected, sums.HalfWidth([(Second, 20), (First, 30)], 2, 0.05));
        }
    }

    [Fact]
    public void Sums_of_other_laws_weights_numbers_and_chances_are_others()
    {
        SummedNoise sums = new();
        BigInteger[] all =
        [
            sums.HalfWidth([(First, 3), (Second, 2)], 2, 0.05),
            sums.HalfWidth([(First, 2), (Second, 3)], 2, 0.05),
            sums.HalfWidth([(First, 3), (Second, 2)], 3, 0.05),
            sums.HalfWidth([(First, 3), (Second, 2)], 2, 0.01),
            sums.HalfWidth([(First, 3), (First, 2)], 2, 0.05),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Sums_of_cells_are_those_of_the_law()
    {
        SummedNoise sums = new();
        NoiseScale scale = NoiseScale.For(NoiseMechanism.DiscreteLaplace, Second.Scale)!;
        Assert.Equal(BigInteger.Zero, sums.HalfWidth(scale, 0, 0.05));
        Assert.Equal(Second.HalfWidth(0.05), sums.HalfWidth(scale, 1, 0.05));
        Assert.Equal(new SumAccuracy([(Second, 1), (Second, 1), (Second, 1)], 0.95).HalfWidth, sums.HalfWidth(scale, 3, 0.05));
    }
}
