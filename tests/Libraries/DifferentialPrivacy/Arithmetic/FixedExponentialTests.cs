using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class FixedExponentialTests
{
    // x with any number of leading zeros, and next to the ends of the tables' steps.
    private static readonly Gen<UInt128> Arguments = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[58, 127], (high, low, shift) => new UInt128(high, low) >> shift),
        Gen.Select(Gen.ULong[0, 64 * 64], Gen.Int[-3, 3], (step, nudge) =>
            unchecked(((UInt128)step << 58) + (UInt128)(Int128)nudge) & (UInt128.MaxValue >> 58)));

    [Fact]
    public void The_error_is_below_what_is_proved() =>
        Arguments.Sample(
            x => Assert.True(OffBy(x, FixedExponential.Near(x)) <= FixedExponential.Error - 2),
            iter: LongRuns.Times(20_000, 100));

    [Fact]
    public void An_argument_within_its_tolerance_stays_within_the_error() =>
        Gen.Select(Arguments, Gen.Bool).Sample(
            (x, up) =>
            {
                UInt128 tolerance = (UInt128.Max(x, UInt128.One << 64) >> 62) + 1;
                UInt128 moved = up ? x + tolerance : x - UInt128.Min(x, tolerance);
                Assert.True(OffBy(x, FixedExponential.Near(moved)) <= FixedExponential.Error);
            },
            iter: LongRuns.Times(20_000, 100));

    [Fact]
    public void The_ends_of_the_range_are_exact()
    {
        Assert.Equal(FixedExponential.One, FixedExponential.Near(0));
        Assert.Equal(0UL, FixedExponential.Near((UInt128)64 << 64));
        Assert.Equal(0UL, FixedExponential.Near(UInt128.MaxValue));
    }

    // The distance to e^-x in units of 2^-63, rounded up.
    private static BigInteger OffBy(UInt128 x, ulong near)
    {
        const int more = 40;
        (BigInteger low, BigInteger high) = NegativeExponential.Bounds(x, BigInteger.One << 64, 63 + more);
        BigInteger claimed = (BigInteger)near << more;
        return (BigInteger.Max(BigInteger.Abs(claimed - low), BigInteger.Abs(claimed - high)) >> more) + 1;
    }
}
