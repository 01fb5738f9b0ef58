using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Randomness;

public class BernoulliTests
{
    private static readonly Gen<BigInteger> Positive =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 118], (high, low, shift) => ((((BigInteger)high << 64) | low) >> shift) + 1);

    private static readonly Gen<(BigInteger N, BigInteger D)> Fractions =
        Gen.Select(Positive, Positive).Select((a, b) => a < b ? (a, b) : (b, a));

    [Fact]
    public void Every_form_of_the_coin_compares_the_bits_with_the_fraction_exactly() =>
        Gen.Select(Fractions, Gen.ULong, Gen.ULong, Gen.Int[-1, 1], Gen.Bool).Sample((fraction, u, rest, nudge, near) =>
        {
            (BigInteger n, BigInteger d) = fraction;
            if (near)
            {
                // The words around the fraction itself are the ones that the first 64 bits leave open.
                u = (ulong)BigInteger.Min((n << 64) / d, ulong.MaxValue);
                rest = unchecked((ulong)(((n << 128) / d) & ulong.MaxValue) + (ulong)(long)nudge);
            }
            ulong[] script = [u, rest, 0x8000_0000_0000_0000];
            BigInteger real = ((((BigInteger)u << 64) | rest) << 64) | script[2];
            bool below = real * d < n << 192;
            Assert.Equal(below, Bernoulli.Draw(new ScriptedBits(script), n, d));
            if (d <= UInt128.MaxValue)
                Assert.Equal(below, Bernoulli.Draw(new ScriptedBits(script), (UInt128)n, (UInt128)d));
            if (d <= ulong.MaxValue)
                Assert.Equal(below, Bernoulli.Draw(new ScriptedBits(script), (ulong)n, (ulong)d));
        }, iter: 2000);

    [Fact]
    public void Chance_zero_never_and_chance_one_always_succeeds()
    {
        foreach (ulong word in (ulong[])[0, 1, ulong.MaxValue])
        {
            Assert.False(Bernoulli.Draw(new ScriptedBits(word), 0UL, 7UL));
            Assert.True(Bernoulli.Draw(new ScriptedBits(word), 7UL, 7UL));
            Assert.True(Bernoulli.Draw(new ScriptedBits(word), ulong.MaxValue, ulong.MaxValue));
            Assert.True(Bernoulli.Draw(new ScriptedBits(word, word), UInt128.MaxValue, UInt128.MaxValue));
        }
    }

    // 200,000 coins: a deviation of 6.5 standard deviations has a chance below 1e-10. The twin with chance e^-(1.05·x) lies tens of them out.
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    public void Exponential_coin_has_its_chance_in_every_form(int n, int d)
    {
        const int coins = 200_000;
        CryptographicBits bits = CryptographicBits.OfThread;
        int narrow = 0;
        int wide = 0;
        for (int i = 0; i < coins; i++)
            narrow += BernoulliExponential.Draw(bits, (UInt128)n, (UInt128)d) ? 1 : 0;
        for (int i = 0; i < coins / 8; i++)
            wide += BernoulliExponential.Draw(bits, (BigInteger)n << 130, (BigInteger)d << 130) ? 1 : 0;
        double x = (double)n / d;
        Assert.InRange(Deviations(narrow, coins, Math.Exp(-x)), -6.5, 6.5);
        Assert.InRange(Deviations(wide, coins / 8, Math.Exp(-x)), -6.5, 6.5);
        if (x >= 0.3)
            Assert.NotInRange(Deviations(narrow, coins, Math.Exp(-1.05 * x)), -6.5, 6.5);
    }

    private static double Deviations(int successes, int coins, double p) => (successes - (coins * p)) / Math.Sqrt(coins * p * (1 - p));
}
