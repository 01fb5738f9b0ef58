using System.Numerics;
using System.Runtime.CompilerServices;

namespace Opaline.Tokenization;

/// <summary>
/// Arithmetic modulo radix^m, the number of values of one half of a text: from 2 to 2^64. Without division instructions and branches on the
/// numbers, whose time could tell them.
/// </summary>
internal readonly struct HalfModulus
{
    private readonly ulong _mask;
    private readonly Reciprocal _reciprocal;
    private readonly ulong _normalized;
    private readonly ulong _normalizedInverse;

    /// <param name="value">The modulus; 0 stands for 2^64.</param>
    public HalfModulus(ulong value)
    {
        Value = value;
        IsPowerOfTwo = (value & (value - 1)) == 0;
        _mask = value - 1;
        if (IsPowerOfTwo)
            return;
        _reciprocal = new Reciprocal(value);
        _normalized = value << BitOperations.LeadingZeroCount(value);
        _normalizedInverse = (ulong)(UInt128.MaxValue / _normalized);
    }

    /// <summary>The modulus; 0 stands for 2^64.</summary>
    public ulong Value { get; }

    public bool IsPowerOfTwo { get; }

    /// <summary>The remainder of a number of at most 96 bits, of which <paramref name="high"/> are the first 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Reduce(ulong high, ulong low)
    {
        if (IsPowerOfTwo)
            return low & _mask;
        if (Value <= uint.MaxValue)
        {
            if (high == 0)
                return _reciprocal.DivRem(low).Remainder;
            ulong remainder = _reciprocal.DivRem((high << 32) | (low >> 32)).Remainder;
            return _reciprocal.DivRem((remainder << 32) | (uint)low).Remainder;
        }

        // Möller and Granlund, Improved division by invariant integers (2011), algorithm 4. The modulus is above 2^32, so the shift is at
        // most 31 bits, and the number's first word below the normalized modulus.
        int shift = BitOperations.LeadingZeroCount(Value);
        ulong first = (high << shift) | (low >> 1 >> (63 - shift));
        ulong second = low << shift;
        ulong quotient = Math.BigMul(_normalizedInverse, first, out ulong fraction);
        fraction += second;
        quotient += first + (fraction < second ? 2ul : 1ul);
        ulong rest = second - (quotient * _normalized);
        rest += rest > fraction ? _normalized : 0;
        rest -= rest >= _normalized ? _normalized : 0;
        return rest >> shift;
    }

    /// <summary>The sum of two remainders.</summary>
    public ulong Add(ulong left, ulong right) => IsPowerOfTwo ? (left + right) & _mask : Subtract(left, Value - right);

    /// <summary>The difference of two remainders; <paramref name="right"/> may be the modulus itself.</summary>
    public ulong Subtract(ulong left, ulong right)
    {
        ulong difference = left - right;
        return IsPowerOfTwo ? difference & _mask : left < right ? difference + Value : difference;
    }

    /// <summary>A number below <c>modulus · 2^64</c> as quotient and remainder.</summary>
    public (ulong Quotient, ulong Remainder) Split(UInt128 value)
    {
        if (IsPowerOfTwo)
            return ((ulong)(value >> Bits), (ulong)value & _mask);
        if (value <= ulong.MaxValue)
            return _reciprocal.DivRem((ulong)value);
        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(value, Value);
        return ((ulong)quotient, (ulong)remainder);
    }

    /// <summary>The number that <see cref="Split"/> split.</summary>
    public UInt128 Join(ulong quotient, ulong remainder) => IsPowerOfTwo
        ? ((UInt128)quotient << Bits) | remainder
        : ((UInt128)quotient * Value) + remainder;

    private int Bits => BitOperations.PopCount(_mask);
}
