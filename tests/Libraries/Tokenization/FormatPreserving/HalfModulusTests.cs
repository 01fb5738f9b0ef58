using System.Numerics;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.FormatPreserving;

public class HalfModulusTests
{
    private static readonly Gen<ulong> Modulus = Gen.Frequency(
        (4, Gen.Select(Gen.ULong, Gen.Int[0, 62]).Select((bits, shift) => Math.Max(2, bits >> shift))),
        (1, Gen.Int[1, 64].Select(bits => bits == 64 ? 0 : 1ul << bits)),
        (1, Gen.Int[2, 63].Select(bits => (1ul << bits) - 1)),
        (1, Gen.Int[2, 63].Select(bits => (1ul << bits) + 1)),
        (1, Gen.OneOf(ulong.MaxValue, ulong.MaxValue - 1, 3ul, uint.MaxValue, (1ul << 32) + 1)));

    private static readonly Gen<ulong> Word = Gen.Frequency((4, Gen.ULong), (1, Gen.OneOf(0ul, 1ul, ulong.MaxValue, ulong.MaxValue - 1)));

    private static readonly int Cases = LongRuns.Enabled ? 5_000_000 : 100_000;

    [Fact]
    public void Numbers_of_96_bits_are_reduced() =>
        Gen.Select(Modulus, Word, Word).Sample((modulus, high, low) =>
        {
            HalfModulus half = new(modulus);
            BigInteger whole = Whole(modulus);
            uint top = (uint)high;
            Assert.Equal((((BigInteger)top << 64) | low) % whole, half.Reduce(top, low));
            // A multiple, and the number before it.
            BigInteger multiple = (((BigInteger)top << 64) | low) / whole * whole;
            Assert.Equal(0ul, half.Reduce((ulong)(multiple >> 64), (ulong)(multiple & ulong.MaxValue)));
            if (multiple.IsZero)
                return;
            multiple--;
            Assert.Equal(whole - 1, half.Reduce((ulong)(multiple >> 64), (ulong)(multiple & ulong.MaxValue)));
        }, iter: Cases);

    [Fact]
    public void Remainders_are_added_and_subtracted() =>
        Gen.Select(Modulus, Word, Word).Sample((modulus, left, right) =>
        {
            HalfModulus half = new(modulus);
            BigInteger whole = Whole(modulus);
            left = (ulong)(left % whole);
            right = (ulong)(right % whole);
            Assert.Equal(((BigInteger)left + right) % whole, half.Add(left, right));
            Assert.Equal(((BigInteger)left - right + whole) % whole, half.Subtract(left, right));
        }, iter: Cases);

    [Fact]
    public void Split_numbers_are_joined_again() =>
        Gen.Select(Modulus, Word, Word).Sample((modulus, left, right) =>
        {
            HalfModulus half = new(modulus);
            right = (ulong)(right % Whole(modulus));
            UInt128 joined = half.Join(left, right);
            Assert.Equal((left * Whole(modulus)) + right, joined);
            Assert.Equal((left, right), half.Split(joined));
        }, iter: Cases);

    private static BigInteger Whole(ulong modulus) => modulus == 0 ? BigInteger.One << 64 : modulus;
}
