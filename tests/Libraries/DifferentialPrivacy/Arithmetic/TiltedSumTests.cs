using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class TiltedSumTests
{
    [Fact]
    public void Transform_and_its_inverse_give_back_the_numbers_within_the_bound() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 1_000_000]).Sample(
            (levels, seed) =>
            {
                double[] real = [.. Enumerable.Range(0, 1 << levels).Select(i => Math.Sin((i + 1) * (seed + 1.5)))];
                double[] original = [.. real];
                double[] imaginary = new double[real.Length];
                FourierTransform transform = new(real.Length);
                transform.Forward(real, imaginary);
                transform.Backward(real, imaginary);
                double norm = Math.Sqrt(original.Sum(x => x * x));
                double error = Math.Sqrt(real.Zip(original, (x, y) => (x - y) * (x - y)).Sum());
                Assert.True(error <= 2 * FourierTransform.ErrorPerLevel * transform.Levels * norm);
            },
            iter: 50);

    // Sums of fair coins are binomial, whose tails are sums of exact terms. At 1e-250 a plain transform has no digit left.
    [Theory]
    [InlineData(10, 7)]
    [InlineData(100, 60)]
    [InlineData(100, 100)]
    [InlineData(1000, 500)]
    [InlineData(1000, 10)]
    [InlineData(1000, 980)]
    [InlineData(4096, 2500)]
    public void Tails_of_coins_are_binomial_from_above(int coins, int from)
    {
        double expected = 0;
        for (int k = coins; k >= from; k--)
            expected += Math.Exp(LogBinomial(coins, k) - (coins * Math.Log(2)));
        TiltedSum sum = new([(new LatticeLaw(0, [0.5, 0.5]), coins)], from);
        Assert.InRange(sum.Tail(from, _ => 1), expected * (1 - 1e-11), expected * (1 + 1e-6));
    }

    // By direct convolution, in any order, with laws of different place and width.
    [Fact]
    public void Tails_are_those_of_the_direct_convolution_from_above() =>
        Gen.Select(
            Gen.Double[0.01, 1].Array[1, 12],
            Gen.Double[0.01, 1].Array[1, 6],
            Gen.Int[-9, 9],
            Gen.Int[-9, 9],
            Gen.Int[1, 4],
            Gen.Int[-30, 60]).Sample(
            (first, second, firstAt, secondAt, count, from) =>
            {
                (double[] a, double[] b) = (Normalized(first), Normalized(second));
                double[] direct = b;
                for (int i = 0; i < count; i++)
                    direct = Convolve(direct, a);
                int at = (count * firstAt) + secondAt;
                double expected = direct.Where((_, i) => at + i >= from).Sum();
                TiltedSum sum = new([(new LatticeLaw(firstAt, a), count), (new LatticeLaw(secondAt, b), 1)], from);
                Assert.InRange(sum.Tail(from, _ => 1), expected * (1 - 1e-13), (expected * (1 + 1e-6)) + 1e-15);
            },
            iter: 300);

    [Fact]
    public void A_sum_too_wide_for_its_grid_is_refused_with_the_remedy()
    {
        LatticeLaw wide = new(0, [0.5, .. new double[100_000], 0.5]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new TiltedSum([(wide, 1_000_000)], 0));
        Assert.Contains("use a wider step", error.Message, StringComparison.Ordinal);
    }

    private static double[] Normalized(double[] weights) => [.. weights.Select(weight => weight / weights.Sum())];

    private static double[] Convolve(double[] a, double[] b)
    {
        double[] result = new double[a.Length + b.Length - 1];
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < b.Length; j++)
                result[i + j] += a[i] * b[j];
        }
        return result;
    }

    private static double LogBinomial(int n, int k)
    {
        double sum = 0;
        for (int i = 1; i <= k; i++)
            sum += Math.Log(n - k + i) - Math.Log(i);
        return sum;
    }
}
