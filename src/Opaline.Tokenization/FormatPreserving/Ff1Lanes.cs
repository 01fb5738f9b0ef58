using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Opaline.Tokenization;

/// <summary>What a round of FF1 does around AES, for eight texts at a time (AVX-512). Counts are multiples of eight.</summary>
internal static class Ff1Lanes
{
    public const int Count = 8;

    /// <summary>
    /// Whether this machine can, for texts of this shape: those whose halves have 32 bits, and all of a radix that is a power of two.
    /// </summary>
    public static bool CanRun(Ff1Shape shape) =>
        Avx512DQ.IsSupported && Avx512BW.IsSupported && (!shape.IsWide || shape.RightModulus.IsPowerOfTwo);

    /// <summary>
    /// Writes the blocks that AES is to encrypt. Those of eight texts stand in the order 0, 2, 4, 6, 1, 3, 5, 7, as <see cref="Fold"/>
    /// expects.
    /// </summary>
    public static void Fill(
        ReadOnlySpan<ulong> source, ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, ulong roundInLow, ulong roundInHigh, Span<ulong> blocks)
    {
        ref ulong from = ref MemoryMarshal.GetReference(source);
        ref ulong lows = ref MemoryMarshal.GetReference(low);
        ref ulong highs = ref MemoryMarshal.GetReference(high);
        ref ulong to = ref MemoryMarshal.GetReference(blocks);
        Vector512<ulong> firstRound = Vector512.Create(roundInLow);
        Vector512<ulong> lastRound = Vector512.Create(roundInHigh);
        for (int at = 0; at < source.Length; at += Count)
        {
            Vector512<ulong> first = Vector512.LoadUnsafe(ref lows, (nuint)at) ^ firstRound;
            Vector512<ulong> last = Vector512.LoadUnsafe(ref highs, (nuint)at)
                ^ ReverseBytes(Vector512.LoadUnsafe(ref from, (nuint)at) ^ lastRound);
            Avx512F.UnpackLow(first, last).StoreUnsafe(ref to, (nuint)(2 * at));
            Avx512F.UnpackHigh(first, last).StoreUnsafe(ref to, (nuint)((2 * at) + Count));
        }
    }

    /// <summary>Adds the numbers that the encrypted blocks hold to <paramref name="target"/>, or subtracts them.</summary>
    public static void Fold(ReadOnlySpan<ulong> blocks, Span<ulong> target, in HalfModulus modulus, bool isWide, bool inverse)
    {
        ref ulong from = ref MemoryMarshal.GetReference(blocks);
        ref ulong to = ref MemoryMarshal.GetReference(target);
        Residues residues = new(modulus.Value);
        for (int at = 0; at < target.Length; at += Count)
        {
            Vector512<ulong> even = Vector512.LoadUnsafe(ref from, (nuint)(2 * at));
            Vector512<ulong> odd = Vector512.LoadUnsafe(ref from, (nuint)((2 * at) + Count));
            Vector512<ulong> number = ReverseBytes(Avx512F.UnpackLow(even, odd));
            if (isWide)
                number = (number << 32) | (ReverseBytes(Avx512F.UnpackHigh(even, odd)) >>> 32);
            Vector512<ulong> old = Vector512.LoadUnsafe(ref to, (nuint)at);
            Vector512<ulong> folded = modulus.IsPowerOfTwo
                ? (inverse ? old - number : old + number) & residues.Mask
                : residues.Fold(old, number, inverse);
            folded.StoreUnsafe(ref to, (nuint)at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> ReverseBytes(Vector512<ulong> value)
    {
        Vector128<byte> reversed = Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
        Vector256<byte> twice = Vector256.Create(reversed, reversed);
        return Avx512BW.Shuffle(value.AsByte(), Vector512.Create(twice, twice)).AsUInt64();
    }

    /// <summary>Arithmetic modulo a number below 2^32, in eight lanes.</summary>
    private readonly struct Residues(ulong modulus)
    {
        private readonly Vector512<ulong> _modulus = Vector512.Create(modulus);
        private readonly Vector512<ulong> _highWord = Vector512.Create(modulus == 0 ? 0 : (1ul << 32) % modulus);
        private readonly Vector512<double> _inverse = Vector512.Create(1.0 / modulus);

        /// <summary>For a power of two.</summary>
        public Vector512<ulong> Mask => _modulus - Vector512<ulong>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ulong> Fold(Vector512<ulong> old, Vector512<ulong> number, bool inverse)
        {
            // With 2^32 mod m for the upper word the number is below 2^32 · m. So the quotient is below 2^32, and a double comes within one of it.
            Vector512<ulong> near = (number & Vector512.Create((ulong)uint.MaxValue)) + Product(number >>> 32, _highWord);
            Vector512<ulong> quotient = Avx512DQ.ConvertToVector512UInt64WithTruncation(Avx512DQ.ConvertToVector512Double(near) * _inverse);
            Vector512<ulong> rest = near - Product(quotient, _modulus);
            rest = Vector512.Min(rest, rest + _modulus);
            rest = Vector512.Min(rest, rest - _modulus);
            if (inverse)
            {
                Vector512<ulong> difference = old - rest;
                return Vector512.Min(difference, difference + _modulus);
            }
            Vector512<ulong> sum = old + rest;
            return Vector512.Min(sum, sum - _modulus);
        }

        private static Vector512<ulong> Product(Vector512<ulong> left, Vector512<ulong> right) =>
            Avx512F.Multiply(left.AsUInt32(), right.AsUInt32());
    }
}
