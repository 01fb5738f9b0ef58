using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

public class ConstantTimeLaplaceTests
{
    // The chances themselves, from the words at which the result changes; no statistic.
    [Theory]
    [InlineData(1, 1, 45)]
    [InlineData(7, 3, 20)]
    [InlineData(10, 1, 500)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1_000_000_000, 3)]
    public void Each_chance_is_the_exact_one_within_its_rounding_and_their_distance_is_as_stated(int numerator, int denominator, int bound)
    {
        Rational scale = new(numerator, denominator);
        ConstantTimeLaplace noise = new(scale, bound);
        const int more = 64;
        BigInteger one = BigInteger.One << (64 + more);
        BigInteger distance = 0;
        BigInteger end = 0;
        for (int x = -bound; x <= bound; x++)
        {
            BigInteger begin = end;
            end = FirstAbove(noise, x);
            BigInteger chance = (end - begin) << more;
            (BigInteger a, _) = Power(1);
            BigInteger exact = Math.Abs(x) < bound
                ? Power(Math.Abs(x)).Low * (one - a) / (one + a)
                : Power(bound).Low * one / (one + a); // all that is beyond
            BigInteger unit = BigInteger.One << more;
            Assert.InRange(chance - exact, x == 0 ? -8 : -unit - 8, (x == 0 ? 2 * unit : unit) + 8);
            distance += BigInteger.Abs(chance - exact);
            if (Math.Abs(x) == bound) // of the exact law only the chance of the bound itself is there
                distance += 2 * Power(bound + 1).Low * one / (one + a);
        }
        Assert.Equal(BigInteger.One << 64, end);
        double total = (double)distance / (double)one / 2;
        Assert.True(noise.Distance >= total);
        Assert.InRange(noise.Distance, total, (total * 1.001) + (bound + 2) / Math.ScaleB(1, 64));

        (BigInteger Low, BigInteger High) Power(int k) => NegativeExponential.Bounds(k * scale.Denominator, scale.Numerator, 64 + more);
    }

    [Fact]
    public void Draws_are_symmetric_words()
    {
        ConstantTimeLaplace noise = new(3, 100);
        Assert.Equal(-100, noise.Draw(new ScriptedBits(0)));
        Assert.Equal(100, noise.Draw(new ScriptedBits(ulong.MaxValue)));
        Assert.Equal(0, noise.Draw(new ScriptedBits(1UL << 63)));
        for (int i = 0; i < 1000; i++)
        {
            ulong word = CryptographicBits.OfThread.Next(64);
            ScriptedBits bits = new(word);
            Assert.Equal(-noise.Draw(bits), noise.Draw(new ScriptedBits(~word)));
            Assert.Equal(1, bits.Used); // whatever the value
        }
    }

    [Fact]
    public void Its_delta_is_the_distance_times_one_and_e_to_the_epsilon()
    {
        ConstantTimeLaplace wide = new(10, 450);
        Assert.True(wide.Distance < 1e-16);
        Assert.InRange(wide.Loss(10).Delta.Value, 1, 1_000); // atto-δ
        Assert.Equal(NanoRho.RoundUp(new Rational(1, 2)), wide.Loss(10).Rho);
        Assert.Equal(PrivacyLoss.None, wide.Loss(0));
        ConstantTimeLaplace narrow = new(10, 50);
        double d = 2 * Math.Exp(-5.1) / (1 + Math.Exp(-0.1));
        Assert.Equal(d, narrow.Distance, 1e-11);
        Assert.Equal((1 + Math.E) * d, narrow.Loss(10).Delta.Value / 1e18, 1e-10);
        Assert.Equal("sensitivity", Assert.Throws<ArgumentOutOfRangeException>(() => narrow.Loss(60)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => narrow.Loss(long.MaxValue));
        Assert.Equal("bound", Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantTimeLaplace(1, 0)).ParamName);
        Assert.Equal("scale", Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantTimeLaplace(-1, 5)).ParamName);
    }

    // Chi-square at a false-alarm chance below 1e-9: the public way draws from the operating system's generator.
    [Fact]
    public void Draws_follow_the_law_and_a_scale_off_by_five_percent_is_noticed()
    {
        long[] draws = new long[150_000];
        new ConstantTimeLaplace(7, 315).Fill(draws);
        Assert.False(ChiSquare.Rejects(draws, new DiscreteLaplace(7).UpperTail, 0, 1));
        new ConstantTimeLaplace(7 * new Rational(21, 20), 315).Fill(draws);
        Assert.True(ChiSquare.Rejects(draws, new DiscreteLaplace(7).UpperTail, 0, 1));
    }

    // The first word whose draw is above x: draws do not fall from word to word.
    private static BigInteger FirstAbove(ConstantTimeLaplace noise, long x)
    {
        BigInteger low = 0;
        for (BigInteger high = BigInteger.One << 64; low < high;)
        {
            BigInteger middle = (low + high) / 2;
            if (noise.Draw(new ScriptedBits((ulong)middle)) > x)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
