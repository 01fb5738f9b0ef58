using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.PartitionSelection;

public class TruncatedGeometricTests
{
    private static readonly double Ln2 = Math.Log(2);
    private static readonly double Ln15 = Math.Log(1.5);

    // google/differential-privacy:go/dpagg/select_partition_test.go
    [Fact]
    public void Chances_are_those_of_Google_for_ln_2_and_ln_1_5()
    {
        AssertChances(new(Ln2, 0.1, 1), 1e-12, 0, 0.1, 0.3, 0.7, 0.9, 1);
        AssertChances(new(Ln15, 0.1, 1), 1e-12, 0, 0.1, 0.25, 0.475, 0.716666666667, 0.877777777778, 0.985185185185, 1);
    }

    // The first three: go/dpagg/select_partition_test.go; then google/differential-privacy:cc/algorithms/partition-selection_test.cc; the
    // last two [calc].
    [Theory]
    [InlineData(50, 1e-200, 2, 5.184706e-179, 1e-7)]
    [InlineData(50, 1e-200, 10, 2.707178e-05, 2e-7)]
    [InlineData(50, 1e-200, 11, 1, 1e-15)]
    [InlineData(0.5, 0.02, 6, 0.58840484458, 1e-11)]
    [InlineData(0.5, 0.02, 8, 0.86807080625, 1e-11)]
    [InlineData(0.5, 0.02, 15, 1, 1e-15)]
    [InlineData(1e-20, 0.02, 6, 0.12, 1e-10)]
    [InlineData(1e-20, 0.02, 40, 0.8, 1e-10)]
    [InlineData(1, 1e-5, 10, 0.128183080505, 1e-11)]
    [InlineData(1, 1e-5, 12, 0.760310996923, 1e-11)]
    public void Chance_is_the_golden_value(double epsilon, double delta, long units, double expected, double digits) =>
        Assert.Equal(expected, new TruncatedGeometric(epsilon, delta, 1).KeepProbability(units), expected * digits);

    // google/differential-privacy:cc/algorithms/partition-selection_test.cc: between these numbers of units the second branch takes over
    // and the third ends.
    [Fact]
    public void Branches_cross_where_those_of_Google_do()
    {
        TruncatedGeometric selection = new(0.5, 0.02, 1);
        double Grown(int n) => (Math.Exp(0.5) * selection.KeepProbability(n - 1)) + 0.02;
        double Shrunk(int n) => 1 - (Math.Exp(-0.5) * (1 - selection.KeepProbability(n - 1) - 0.02));
        int first = Enumerable.Range(1, 20).First(n => Shrunk(n) < Grown(n)) - 1;
        Assert.Equal(6, first);
        Assert.Equal(11, selection.CertainFrom - 1);
        for (int n = 1; n < 12; n++)
            Assert.Equal(n <= first ? Grown(n) : Shrunk(n), selection.KeepProbability(n), 1e-9);
    }

    // [calc], section 3.1 of the reference.
    [Theory]
    [InlineData(0.5, 0.02, 12)]
    [InlineData(1, 1e-5, 23)]
    public void Certainty_begins_where_it_should(double epsilon, double delta, long units) =>
        Assert.Equal(units, new TruncatedGeometric(epsilon, delta, 1).CertainFrom);

    [Fact]
    public void Neighbouring_chances_satisfy_both_inequalities_exactly() =>
        Gen.Select(Gen.Double[0.01, 4], Gen.Double[-12, -1]).Sample((epsilon, power) =>
        {
            double delta = Math.Pow(10, power);
            TruncatedGeometric selection = new(epsilon, delta, 1);
            // The runtime's exponential is good to one unit in the last place: lower and upper bounds of e^ε and e^−ε.
            Rational grow = Rational.FromDouble(Math.BitDecrement(Math.Exp(epsilon)));
            Rational shrink = Rational.FromDouble(Math.BitIncrement(Math.Exp(-epsilon)));
            Rational exactDelta = Rational.FromDouble(delta);
            for (long n = 1; n <= selection.CertainFrom; n++)
            {
                Rational before = selection.Chance(n - 1);
                Rational chance = selection.Chance(n);
                Assert.True(chance >= before);
                Assert.True(chance <= (grow * before) + exactDelta, $"n = {n}: e^ε·π + δ");
                Assert.True(1 - chance >= shrink * (1 - before - exactDelta), $"n = {n}: 1 − e^−ε·(1 − π − δ)");
            }
        });

    // 100,000 coins: 6.5 standard deviations, a chance below 1e-10. The twin with the chance of one unit more is rejected.
    [Fact]
    public void Coins_have_their_chance()
    {
        const int coins = 100_000;
        TruncatedGeometric selection = new(0.5, 0.02, 1);
        int kept = Enumerable.Range(0, coins).Count(_ => selection.Keeps(6));
        Assert.InRange(Deviations(selection.KeepProbability(6)), -6.5, 6.5);
        Assert.NotInRange(Deviations(selection.KeepProbability(7)), -6.5, 6.5);
        Assert.False(selection.Keeps(0));
        Assert.True(selection.Keeps(long.MaxValue));

        double Deviations(double p) => (kept - (coins * p)) / Math.Sqrt(coins * p * (1 - p));
    }

    [Fact]
    public void Loss_is_that_of_all_keys_of_a_unit()
    {
        TruncatedGeometric selection = new(0.5, 1e-6, 4);
        Assert.Equal(NanoRho.RoundUp(new Rational(1, 2)), selection.Loss.Rho); // 4·0.25/2
        Assert.InRange(selection.Loss.Delta.Delta.ToDoubleUp(), 3.99999e-6, 4e-6 * (1 + 1e-9));
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        foreach (double epsilon in (double[])[double.NaN, 0, -1, double.PositiveInfinity])
            Assert.Equal("epsilon", Name(() => new TruncatedGeometric(epsilon, 1e-6, 1)));
        foreach (double delta in (double[])[double.NaN, 0, 1, -1e-6])
            Assert.Equal("delta", Name(() => new TruncatedGeometric(1, delta, 1)));
        Assert.Equal("epsilon", Name(() => new TruncatedGeometric(1e6, 1e-6, 1)));
        Assert.Equal("l0", Name(() => new TruncatedGeometric(1, 1e-6, 0)));
        Assert.Equal("delta", Name(() => new TruncatedGeometric(1e-9, 1e-9, 1)));
        Assert.Equal("units", Name(() => new TruncatedGeometric(1, 1e-6, 1).KeepProbability(-1)));
    }

    private static void AssertChances(TruncatedGeometric selection, double tolerance, params double[] expected)
    {
        for (int n = 0; n < expected.Length; n++)
            Assert.Equal(expected[n], selection.KeepProbability(n), tolerance);
    }
}
