using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class RoundingTests
{
    private static readonly Gen<double> Amounts = Gen.Double[0, 1e6];

    [Fact]
    public void Directed_operations_enclose_the_exact_result() =>
        Gen.Select(Amounts, Amounts).Sample((a, b) =>
        {
            (Rational x, Rational y) = (Rational.FromDouble(a), Rational.FromDouble(b));
            Assert.True(Rational.FromDouble(RoundUp.Multiply(a, b)) >= x * y);
            Assert.True(Rational.FromDouble(RoundDown.Multiply(a, b)) <= x * y);
            Assert.True(Rational.FromDouble(RoundDown.Add(a, b)) <= x + y);
            Assert.True(Rational.FromDouble(RoundUp.Subtract(a, b)) >= x - y);
            Assert.True(Rational.FromDouble(RoundDown.Subtract(a, b)) <= x - y);
        });

    [Fact]
    public void Loosened_and_tightened_values_enclose_the_value()
    {
        Amounts.Sample(a => Assert.True(RoundUp.Loosen(a) > a && (RoundDown.Tighten(a) < a || a == 0)));
        Assert.True(RoundUp.Loosen(0) > 0);
        Assert.Equal(1, RoundUp.Complement(0));
    }

    // [calc], 40 digits.
    [Theory]
    [InlineData(1e-20, 1e-20, 1e-20)]
    [InlineData(1e-9, 9.9999999950000000033e-10, 1.0000000005000000002e-9)]
    [InlineData(-0.25, -0.28768207245178092744, -0.22119921692859513175)]
    [InlineData(1, 0.6931471805599453, 1.718281828459045)]
    public void Functions_near_one_keep_their_digits(double x, double log, double exp)
    {
        Assert.Equal(log, NearOne.LogOnePlus(x), Math.Abs(log) * 1e-15);
        Assert.Equal(exp, NearOne.ExpMinusOne(x), Math.Abs(exp) * 1e-15);
    }

    [Fact]
    public void Integer_roots_are_exact()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 200]).Sample((seed, shift) =>
        {
            BigInteger value = (BigInteger)seed << shift;
            BigInteger root = IntegerRoot.Floor(value);
            Assert.True(root * root <= value && (root + 1) * (root + 1) > value);
            BigInteger above = IntegerRoot.Ceiling(value);
            Assert.True(above * above >= value && (value.IsZero || (above - 1) * (above - 1) < value));
        });
        Gen.ULong.Sample(root => Assert.Equal(root, IntegerRoot.Floor((BigInteger)root * root)));
    }
}
