using System.Globalization;
using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class NegativeExponentialTests
{
    [Fact]
    public void Bounds_hold_the_digits_of_one_over_e()
    {
        // e^-1 = 0.36787944117144232159552377016146086744581113103176783…
        BigInteger digits = BigInteger.Parse("36787944117144232159552377016146086744581113103176", CultureInfo.InvariantCulture);
        BigInteger scale = BigInteger.Pow(10, 50);
        const int Bits = 160;
        (BigInteger low, BigInteger high) = NegativeExponential.Bounds(1, 1, Bits);
        Assert.True(low * scale <= (digits + 1) << Bits);
        Assert.True(high * scale >= digits << Bits);
        Assert.True(high - low <= 2);
    }

    [Fact]
    public void Bounds_are_two_apart_at_most_and_nest_as_precision_grows() =>
        Gen.Select(Gen.Long[0, 1L << 50], Gen.Long[1, 1L << 40], Gen.Int[0, 300], Gen.Int[1, 200]).Sample((n, d, bits, more) =>
        {
            (BigInteger low, BigInteger high) = NegativeExponential.Bounds(n, d, bits);
            (BigInteger finerLow, BigInteger finerHigh) = NegativeExponential.Bounds(n, d, bits + more);
            return high - low <= 2 && finerHigh - finerLow <= 2 && low << more <= finerHigh && high << more >= finerLow;
        });

    [Fact]
    public void Bounds_hold_the_double_evaluation() =>
        Gen.Double[0, 40].Sample(x =>
        {
            Rational exact = Rational.FromDouble(x);
            (BigInteger low, BigInteger high) = NegativeExponential.Bounds(exact.Numerator, exact.Denominator, 100);
            double value = Math.Exp(-x);
            return Math.ScaleB((double)low, -100) <= value * (1 + 1e-14) && Math.ScaleB((double)high, -100) >= value * (1 - 1e-14);
        });

    [Fact]
    public void Products_of_exponentials_agree()
    {
        // e^-a·e^-b = e^-(a+b), which no evaluation in doubles could tell at this precision.
        const int Bits = 400;
        (BigInteger lowA, BigInteger highA) = NegativeExponential.Bounds(355, 113, Bits);
        (BigInteger lowB, BigInteger highB) = NegativeExponential.Bounds(2, 7, Bits);
        (BigInteger low, BigInteger high) = NegativeExponential.Bounds((355 * 7) + (2 * 113), 113 * 7, Bits);
        Assert.True(low <= ((highA * highB) >> Bits) + 1);
        Assert.True(high >= (lowA * lowB) >> Bits);
    }
}
