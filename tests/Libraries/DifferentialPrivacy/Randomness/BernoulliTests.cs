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

    [Fact]
    public void Every_form_of_the_exponential_coin_compares_the_bits_with_its_chance_exactly() =>
        Gen.Select(Fractions, Gen.Int[-7, 4], Gen.ULong, Gen.Int[-1, 1], Gen.Bool).Sample((fraction, power, rest, nudge, near) =>
        {
            const int more = 64;
            BigInteger n = power > 0 ? fraction.N << power : fraction.N;
            BigInteger d = power < 0 ? fraction.D << -power : fraction.D;
            (BigInteger low, BigInteger high) = NegativeExponential.Bounds(n, d, 192 + more);
            BigInteger real = ((((BigInteger)rest << 64) | ~rest) << 64) | 1;
            if (near)
            {
                // The first 128 bits are those of the chance itself, or one off: the fixed-point form cannot decide.
                real = (((low >> (64 + more)) + nudge) << 64) + rest;
            }
            if (real < 0 || real >> 192 != 0 || (real << more >= low && real << more < high))
                return; // no such bits; or next to the chance by less than its bounds are apart
            bool below = real << more < low;
            ulong[] script = [(ulong)(real >> 128), (ulong)((real >> 64) & ulong.MaxValue), (ulong)(real & ulong.MaxValue), 0];
            Assert.Equal(below, BernoulliExponential.Draw(new ScriptedBits(script), n, d));
            if (n <= UInt128.MaxValue && d <= UInt128.MaxValue)
                Assert.Equal(below, BernoulliExponential.Draw(new ScriptedBits(script), (UInt128)n, (UInt128)d));
        }, iter: 5000);

    [Fact]
    public void An_exponential_coin_takes_64_bits_or_as_many_as_it_needs()
    {
        ulong leading = (ulong)NegativeExponential.Bounds(1, 1, 64).Low; // e^-1 lies in [leading, leading + 2)/2^64
        ScriptedBits clear = new(leading - 100);
        Assert.True(BernoulliExponential.Draw(clear, UInt128.One, UInt128.One));
        Assert.Equal(1, clear.Used);
        ScriptedBits open = new(leading - 1, 0);
        Assert.True(BernoulliExponential.Draw(open, UInt128.One, UInt128.One));
        Assert.Equal(1, open.Used); // the exact bounds decide without more bits
        (BigInteger low, _) = NegativeExponential.Bounds(1, 1, 128);
        ScriptedBits inside = new((ulong)(low >> 64), (ulong)(low & ulong.MaxValue) - 2);
        Assert.True(BernoulliExponential.Draw(inside, BigInteger.One, BigInteger.One));
        Assert.Equal(2, inside.Used);
    }

    [Fact]
    public void An_exponential_coin_of_nothing_always_succeeds_and_of_much_never()
    {
        Assert.True(BernoulliExponential.Draw(new ScriptedBits(ulong.MaxValue), UInt128.Zero, UInt128.MaxValue));
        Assert.True(BernoulliExponential.Draw(new ScriptedBits(ulong.MaxValue), BigInteger.Zero, BigInteger.One));
        Assert.False(BernoulliExponential.Draw(new ScriptedBits(0, 1), UInt128.MaxValue, (UInt128)ulong.MaxValue));
        Assert.False(BernoulliExponential.Draw(new ScriptedBits(0, 0, ulong.MaxValue), (BigInteger)100, BigInteger.One));
    }

    // 200,000 coins: a deviation of 6.5 standard deviations has a chance below 1e-10. The twin with chance e^-(1.05·x) lies tens of them
    // out.
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
