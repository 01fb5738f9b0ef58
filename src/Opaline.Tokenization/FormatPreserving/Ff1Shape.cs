using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Opaline.Tokenization;

/// <summary>
/// What FF1 (SP 800-38G, algorithm 7, steps 1 to 5) derives from radix and length alone, for texts each of whose halves is a number of at
/// most 64 bits. Of one key, since it remembers a block that the key encrypted. Safe for use by many threads.
/// </summary>
internal sealed class Ff1Shape
{
    private readonly int _radix;
    private readonly Reciprocal _byRadix;
    private readonly HalfModulus _leftModulus;
    private readonly HalfModulus _rightModulus;
    private Prefix? _prefix;

    public Ff1Shape(int radix, int length)
    {
        _radix = radix;
        _byRadix = new Reciprocal((ulong)radix);
        Length = length;
        Left = length / 2;
        UInt128 left = Power(radix, Left);
        UInt128 right = Power(radix, length - Left);
        _leftModulus = new HalfModulus(unchecked((ulong)left));
        _rightModulus = new HalfModulus(unchecked((ulong)right));
        MaxNumber = unchecked((left * right) - 1);
        NumberBytes = (128 + 7 - (int)UInt128.LeadingZeroCount(right - 1)) / 8;
        RoundInHigh = NumberBytes < 8 ? 1ul << (8 * NumberBytes) : 0;
        RoundInLow = NumberBytes < 8 ? 0 : 1ul << 56;
    }

    /// <summary>n: digits of a text.</summary>
    public int Length { get; }

    /// <summary>u: digits of its left half; the right one has as many or one more.</summary>
    public int Left { get; }

    /// <summary>radix^u.</summary>
    public ref readonly HalfModulus LeftModulus => ref _leftModulus;

    /// <summary>radix^v.</summary>
    public ref readonly HalfModulus RightModulus => ref _rightModulus;

    /// <summary>radix^n − 1.</summary>
    public UInt128 MaxNumber { get; }

    /// <summary>b: bytes of a half as a number.</summary>
    public int NumberBytes { get; }

    /// <summary>Whether a round draws 12 bytes from its block and not 8.</summary>
    public bool IsWide => NumberBytes > 4;

    /// <summary>The number of a round, times this, in the first 8 bytes of its block; little-endian.</summary>
    public ulong RoundInLow { get; }

    /// <summary>The number of a round, times this, in the last 8 bytes of its block; big-endian, as the half beside it is.</summary>
    public ulong RoundInHigh { get; }

    /// <summary>The most digits of a text whose halves have 64 bits.</summary>
    public static int MaxLength(int radix)
    {
        int half = 0;
        for (UInt128 power = (UInt128)radix; power <= (UInt128)ulong.MaxValue + 1; power *= (UInt128)radix)
            half++;
        return 2 * half;
    }

    /// <summary>The two halves of a text as numbers. Both at once, since each waits for its own last multiplication.</summary>
    public (ulong Left, ulong Right) Read(ReadOnlySpan<ushort> digits)
    {
        ulong radix = (ulong)_radix;
        ReadOnlySpan<ushort> second = digits.Slice(Left, Left);
        ulong left = 0;
        ulong right = 0;
        for (int i = 0; i < second.Length; i++)
        {
            left = (left * radix) + digits[i];
            right = (right * radix) + second[i];
        }
        return (left, 2 * Left == Length ? right : (right * radix) + digits[^1]);
    }

    /// <summary>Two numbers as the two halves of a text.</summary>
    public void Write(ulong left, ulong right, Span<ushort> digits)
    {
        if (2 * Left < Length)
        {
            (right, ulong digit) = _byRadix.DivRem(right);
            digits[^1] = (ushort)digit;
        }
        Span<ushort> second = digits.Slice(Left, Left);
        if (IsWide)
        {
            for (int i = second.Length - 1; i >= 0; i--)
            {
                (left, ulong leftDigit) = _byRadix.DivRem(left);
                (right, ulong rightDigit) = _byRadix.DivRem(right);
                digits[i] = (ushort)leftDigit;
                second[i] = (ushort)rightDigit;
            }
            return;
        }
        for (int i = second.Length - 1; i >= 0; i--)
        {
            (left, ulong leftDigit) = _byRadix.DivRemShort(left);
            (right, ulong rightDigit) = _byRadix.DivRemShort(right);
            digits[i] = (ushort)leftDigit;
            second[i] = (ushort)rightDigit;
        }
    }

    /// <summary>
    /// The chain of a round's CBC-MAC before its last block, xored with what that block holds of the tweak: all that a round depends on but
    /// its number and the half.
    /// </summary>
    public Vector128<ulong> Start(IAesBlocks aes, ReadOnlySpan<byte> tweak)
    {
        Vector128<byte> chain = EncryptedPrefix(aes, tweak.Length);
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        int whole = (tweak.Length + NumberBytes) / AesBlocks.BlockSize * AesBlocks.BlockSize;
        if (whole > 0)
        {
            Span<byte> state = stackalloc byte[AesBlocks.BlockSize];
            chain.CopyTo(state);
            int full = Math.Min(whole, tweak.Length / AesBlocks.BlockSize * AesBlocks.BlockSize);
            aes.CbcMac(state, tweak[..full]);
            tweak = tweak[full..];
            if (full < whole)
            {
                // The tweak ends in the block before the last, and zeros fill it up.
                block.Clear();
                tweak.CopyTo(block);
                aes.CbcMac(state, block);
                tweak = [];
            }
            chain = Vector128.Create<byte>(state);
        }
        block.Clear();
        tweak.CopyTo(block);
        return (chain ^ Vector128.Create<byte>(block)).AsUInt64();
    }

    /// <summary>The block P of step 5.</summary>
    public static void WritePrefix(int radix, int length, int tweakLength, Span<byte> block)
    {
        BinaryPrimitives.WriteInt32BigEndian(block[2..], radix);
        block[0] = 1;
        block[1] = 2;
        block[2] = 1;
        block[6] = 10;
        block[7] = (byte)(length / 2);
        BinaryPrimitives.WriteInt32BigEndian(block[8..], length);
        BinaryPrimitives.WriteInt32BigEndian(block[12..], tweakLength);
    }

    private Vector128<byte> EncryptedPrefix(IAesBlocks aes, int tweakLength)
    {
        if (Volatile.Read(ref _prefix) is { } known && known.TweakLength == tweakLength)
            return known.Encrypted;
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        WritePrefix(_radix, Length, tweakLength, block);
        aes.Encrypt(block, block);
        Vector128<byte> encrypted = Vector128.Create<byte>(block);
        // The tweaks of a field are of one length as a rule: the first is remembered, others are computed.
        if (_prefix is null)
            Volatile.Write(ref _prefix, new Prefix(tweakLength, encrypted));
        return encrypted;
    }

    private static UInt128 Power(int radix, int exponent)
    {
        UInt128 power = 1;
        for (; exponent > 0; exponent--)
            power *= (UInt128)radix;
        return power;
    }

    private sealed class Prefix(int tweakLength, Vector128<byte> encrypted)
    {
        public int TweakLength { get; } = tweakLength;

        public Vector128<byte> Encrypted { get; } = encrypted;
    }
}
