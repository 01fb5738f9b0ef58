using System.Runtime.CompilerServices;

namespace Opaline.Tokenization;

/// <summary>
/// Division of 64-bit numbers by one divisor, by a multiplication and without a branch on the number (Barrett reduction).
/// </summary>
internal readonly struct Reciprocal
{
    private readonly ulong _divisor;
    private readonly ulong _inverse;

    public Reciprocal(ulong divisor)
    {
        _divisor = divisor;
        _inverse = ulong.MaxValue / divisor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ulong Quotient, ulong Remainder) DivRem(ulong value)
    {
        // The inverse falls short of 2^64 / divisor by at most one part in 2^64, so the quotient by at most one.
        ulong quotient = Math.BigMul(value, _inverse, out _);
        ulong remainder = value - (quotient * _divisor);
        bool more = remainder >= _divisor;
        return (more ? quotient + 1 : quotient, more ? remainder - _divisor : remainder);
    }

    /// <summary>
    /// The same for a number of 32 bits and a divisor of at most 2^17: there the inverse rounded up gives the quotient as it is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ulong Quotient, ulong Remainder) DivRemShort(ulong value)
    {
        ulong quotient = Math.BigMul(value, _inverse + 1, out _);
        return (quotient, value - (quotient * _divisor));
    }
}
