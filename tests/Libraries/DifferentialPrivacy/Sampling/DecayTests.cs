using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

public class DecayTests
{
    // Numerators and denominators of 1 to 130 bits, magnitudes of 0 to 63 bits, so that exponents come on both sides of 1.
    private static readonly Gen<BigInteger> Parts =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 129], (high, low, shift) =>
            ((((((BigInteger)high << 64) | low) << 2) + 1) >> shift) + 1);

    private static readonly Gen<ulong> Magnitudes = Gen.Select(Gen.ULong, Gen.Int[1, 64], (word, shift) => shift == 64 ? 0 : word >> shift);

    [Fact]
    public void Fixed_point_weights_stay_within_the_error() =>
        Gen.Select(Parts, Parts, Magnitudes, Gen.Bool).Sample(
            (n, d, k, square) =>
            {
                Rational parameter = new(n, d);
                Check(square ? Decay.Gaussian(parameter) : Decay.Geometric(parameter), k);
                // The same near an exponent of 1, where the error is greatest.
                Rational scale = k == 0 ? 1 : new Rational(k * n, n + 1);
                Check(square ? Decay.Gaussian(scale * scale / 2) : Decay.Geometric(scale), k);
            },
            iter: LongRuns.Times(5_000, 100));

    [Fact]
    public void Falls_compares_exactly()
    {
        Decay decay = Decay.Geometric(10);
        Assert.True(decay.Falls(3, 10, new Rational(7, 10)));
        Assert.False(decay.Falls(3, 10, new Rational(7_000_001, 10_000_000)));
    }

    private static void Check(Decay decay, ulong k)
    {
        const int more = 40;
        (BigInteger n, BigInteger d) = decay.Exponent(k);
        (BigInteger low, BigInteger high) = NegativeExponential.Bounds(n, d, 63 + more);
        BigInteger claimed = (BigInteger)decay.Near(k) << more;
        BigInteger error = (BigInteger)FixedExponential.Error << more;
        Assert.InRange(claimed, high - error, low + error);
    }
}
