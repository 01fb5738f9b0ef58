using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Randomness;

public class WeightedChoiceTests
{
    private static readonly (BigInteger, BigInteger)[] Mixed = [(3, 2), (0, -100), (1, -1), (7, 9), (2, 0)];

    // Chi-square at a false-alarm chance below 1e-9; the twin with every x a tenth greater is rejected.
    [Fact]
    public void Chances_are_proportional_to_the_weights()
    {
        int[] draws = Draw(Mixed, 4, 40_000);
        Assert.False(Categorical.Rejects(draws, Law(Mixed, 4)));
        Assert.True(Categorical.Rejects(Draw(Mixed, 3, 40_000), Law(Mixed, 4)));
        Assert.DoesNotContain(1, draws);
    }

    [Fact]
    public void The_choice_is_where_the_uniform_falls_among_the_cumulated_weights() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 5], Gen.Int[-40, 40], (m, n) => ((BigInteger)m, (BigInteger)n)).Array[0, 9], Gen.Int[1, 9], Gen.ULong)
            .Sample((drawn, denominator, word) =>
            {
                (BigInteger, BigInteger)[] weights = [.. drawn, (1, 7)];
                double u = Math.ScaleB(word, -64);
                double[] law = Law(weights, denominator);
                int chosen = WeightedChoice.Draw(new ScriptedBits(word, 0), weights, denominator);
                double before = law.Take(chosen).Sum();
                return u > before - 1e-12 && u < before + law[chosen] + 1e-12;
            });

    // The first look leaves the last units before and behind a border open; deciding there by one bound alone is wrong about every other
    // time.
    [Fact]
    public void Within_units_of_a_border_the_choice_is_still_exact() =>
        Gen.Select(
            Gen.Select(Gen.Int[1, 5], Gen.Int[0, 40], (m, n) => ((BigInteger)m, (BigInteger)n)).Array[2, 6],
            Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[-3, 3], Gen.ULong, Gen.ULong)
            .Sample((weights, denominator, place, step, rest, last) =>
            {
                const int fine = 800;
                BigInteger least = weights.Min(w => w.Item2);
                BigInteger[] sums = new BigInteger[weights.Length + 1];
                for (int i = 0; i < weights.Length; i++)
                {
                    (BigInteger factor, BigInteger exponent) = weights[i];
                    sums[i + 1] = sums[i] + (factor * NegativeExponential.Bounds(exponent - least, denominator, fine).Low);
                }
                int extra = (int)weights.Aggregate(BigInteger.Zero, (sum, w) => sum + w.Item1).GetBitLength();
                int precision = 64 + extra;
                BigInteger first = ((sums[place % weights.Length] << precision) / sums[^1]) + step;
                if (first.Sign < 0)
                    return true;
                BigInteger low = ((BigInteger)rest << extra) | (last & ((1UL << extra) - 1));
                BigInteger scaled = ((first << precision) | low) * sums[^1];
                int expected = Array.FindLastIndex(sums, sum => sum << (2 * precision) <= scaled);
                ScriptedBits bits = new((ulong)(first >> extra), (ulong)(first & ((1UL << extra) - 1)), rest, last, 0, 0, 0, 0, 0, 0);
                return WeightedChoice.Draw(bits, weights, denominator) == expected;
            }, iter: 3000);

    [Fact]
    public void A_uniform_at_a_border_is_continued_until_it_leaves_it()
    {
        // The border of two weights 1 and 1/e lies at 1/(1 + 1/e), here to 132 bits: twice the precision of the first look.
        BigInteger e = NegativeExponential.Bounds(1, 1, 400).Low;
        BigInteger border = (BigInteger.One << 532) / ((BigInteger.One << 400) + e);
        foreach (int step in (int[])[-16, 16])
        {
            BigInteger u = border + step;
            ScriptedBits bits = new(Word(u, 68), Word(u, 66), Word(u, 2), Word(u, 0));
            Assert.Equal(step < 0 ? 0 : 1, WeightedChoice.Draw(bits, [(1, 0), (1, 1)], 1));
            Assert.Equal(4, bits.Used);
        }

        static ulong Word(BigInteger u, int shift) => (ulong)((u >> shift) & ulong.MaxValue);
    }

    [Fact]
    public void Extreme_weights_are_weighed()
    {
        BigInteger far = BigInteger.One << 200;
        Assert.Equal(1, WeightedChoice.Draw(CryptographicBits.OfThread, [(far, far), (1, 0), (far, far + 1)], 1));
        // A multiplicity of 2^64 against a factor of e^-64·ln 2, nearly: both happen.
        int[] draws = Draw([(BigInteger.One << 64, 44_361_419), (1, 0)], 1_000_000, 2000);
        Assert.False(Categorical.Rejects(draws, [0.5, 0.5]));
        // x of a denominator that no float holds: the weights are equal to 600 bits.
        Assert.False(Categorical.Rejects(Draw([(1, 1), (1, 2)], BigInteger.One << 600, 2000), [0.5, 0.5]));
        Assert.Equal(0, WeightedChoice.Draw(CryptographicBits.OfThread, [(1, -far)], 3));
    }

    private static int[] Draw((BigInteger, BigInteger)[] weights, BigInteger denominator, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => WeightedChoice.Draw(CryptographicBits.OfThread, weights, denominator))];

    private static double[] Law((BigInteger Multiplicity, BigInteger Numerator)[] weights, double denominator) =>
        Categorical.Normalized([.. weights.Select(w => (double)w.Multiplicity * Math.Exp(-(double)w.Numerator / denominator))]);
}
