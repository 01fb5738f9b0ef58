using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Opaline.Tokenization;

/// <summary>
/// FF1 (SP 800-38G, algorithms 7 and 8) on digits below a radix, for any length from 2 on: without the standard's least domain, which <see
/// cref="Ff1"/> adds. Where both halves of a text fit in 64 bits, a round costs one block of AES and nothing is allocated; longer texts go
/// by <see cref="Ff1Reference"/>. Safe for use by many threads.
/// </summary>
internal sealed class Ff1Core : IDisposable
{
    public const int Rounds = 10;

    private readonly IAesBlocks _aes;
    private readonly NativeAesBlocks? _native;
    private readonly int _radix;
    private readonly Ff1Shape?[] _shapes;
    private bool _disposed;

    public Ff1Core(ReadOnlySpan<byte> key, int radix)
        : this(AesBlocks.Create(key), radix)
    {
    }

    public Ff1Core(IAesBlocks aes, int radix)
    {
        _aes = aes;
        _native = aes as NativeAesBlocks;
        _radix = radix;
        _shapes = new Ff1Shape?[Ff1Shape.MaxLength(radix) + 1];
    }

    /// <summary>The most digits of a text that is also a number: both its halves fit in 64 bits.</summary>
    public int MaxNumberLength => _shapes.Length - 1;

    /// <summary>
    /// The number that an encrypted block holds, modulo <paramref name="modulus"/>: its first 8 or 12 bytes (step 6.iii and iv).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Draw(in HalfModulus modulus, bool isWide, ulong first, ulong last)
    {
        ulong high = BinaryPrimitives.ReverseEndianness(first);
        return isWide
            ? modulus.Reduce(high >> 32, (high << 32) | (BinaryPrimitives.ReverseEndianness(last) >> 32))
            : modulus.Reduce(0, high);
    }

    /// <summary>One text; <paramref name="output"/> may be <paramref name="digits"/>.</summary>
    public void Run(ReadOnlySpan<byte> tweak, ReadOnlySpan<ushort> digits, Span<ushort> output, bool inverse)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(digits, output);
        if (digits.Length < 2)
            throw new ArgumentException("FF1 takes at least two digits.", nameof(digits));
        if (digits.Length > MaxNumberLength)
        {
            Ff1Reference.Run(_aes, _radix, tweak, digits, output, inverse);
            return;
        }
        Ff1Shape shape = Shape(digits.Length);
        (ulong left, ulong right) = shape.Read(digits);
        (left, right) = Run(shape, tweak, left, right, inverse);
        shape.Write(left, right, output);
    }

    /// <summary>One text as the number of its digits.</summary>
    public UInt128 Run(ReadOnlySpan<byte> tweak, UInt128 value, int length, bool inverse)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Ff1Shape shape = NumberShape(length);
        (ulong left, ulong right) = Split(shape, value);
        (left, right) = Run(shape, tweak, left, right, inverse);
        return shape.RightModulus.Join(left, right);
    }

    /// <summary>Many texts of one length, one after another.</summary>
    public void RunMany(Ff1Tweaks tweaks, int length, ReadOnlySpan<ushort> digits, Span<ushort> output, bool inverse)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(digits, output);
        if (length < 2)
            throw new ArgumentOutOfRangeException(nameof(length), length, "FF1 takes at least two digits.");
        (int count, int rest) = Math.DivRem(digits.Length, length);
        if (rest != 0)
            throw new ArgumentException("The digits are no whole number of texts.", nameof(digits));
        CheckCount(tweaks, count);
        if (length > MaxNumberLength)
        {
            for (int i = 0; i < count; i++)
                Ff1Reference.Run(_aes, _radix, tweaks[i], digits.Slice(i * length, length), output.Slice(i * length, length), inverse);
            return;
        }
        Ff1Shape shape = Shape(length);
        Ff1Chunk chunk = new(stackalloc ulong[Ff1Chunk.Words]);
        Span<ulong> lefts = chunk.Left;
        Span<ulong> rights = chunk.Right;
        for (int first = 0; first < count; first += Ff1Chunk.Size)
        {
            int size = Math.Min(Ff1Chunk.Size, count - first);
            int start = first * length;
            for (int i = 0; i < size; i++)
                (lefts[i], rights[i]) = shape.Read(digits.Slice(start + (i * length), length));
            chunk.Start(_aes, shape, tweaks, first, size);
            chunk.Run(_aes, shape, size, inverse);
            for (int i = 0; i < size; i++)
                shape.Write(lefts[i], rights[i], output.Slice(start + (i * length), length));
        }
        chunk.Clear();
    }

    /// <summary>Many texts of one length as the numbers of their digits, of at most 64 bits.</summary>
    public void RunMany(Ff1Tweaks tweaks, int length, ReadOnlySpan<ulong> values, Span<ulong> output, bool inverse)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckNumbers(tweaks, values.Length, output.Length);
        Ff1Shape shape = NumberShape(length);
        if (shape.MaxNumber > ulong.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(length), length, "Numbers of this length have more than 64 bits.");
        Ff1Chunk chunk = new(stackalloc ulong[Ff1Chunk.Words]);
        Span<ulong> lefts = chunk.Left;
        Span<ulong> rights = chunk.Right;
        for (int first = 0; first < values.Length; first += Ff1Chunk.Size)
        {
            int size = Math.Min(Ff1Chunk.Size, values.Length - first);
            for (int i = 0; i < size; i++)
                (lefts[i], rights[i]) = Split(shape, values[first + i]);
            chunk.Start(_aes, shape, tweaks, first, size);
            chunk.Run(_aes, shape, size, inverse);
            for (int i = 0; i < size; i++)
                output[first + i] = (ulong)shape.RightModulus.Join(lefts[i], rights[i]);
        }
        chunk.Clear();
    }

    /// <summary>Many texts of one length as the numbers of their digits.</summary>
    public void RunMany(Ff1Tweaks tweaks, int length, ReadOnlySpan<UInt128> values, Span<UInt128> output, bool inverse)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckNumbers(tweaks, values.Length, output.Length);
        Ff1Shape shape = NumberShape(length);
        Ff1Chunk chunk = new(stackalloc ulong[Ff1Chunk.Words]);
        Span<ulong> lefts = chunk.Left;
        Span<ulong> rights = chunk.Right;
        for (int first = 0; first < values.Length; first += Ff1Chunk.Size)
        {
            int size = Math.Min(Ff1Chunk.Size, values.Length - first);
            for (int i = 0; i < size; i++)
                (lefts[i], rights[i]) = Split(shape, values[first + i]);
            chunk.Start(_aes, shape, tweaks, first, size);
            chunk.Run(_aes, shape, size, inverse);
            for (int i = 0; i < size; i++)
                output[first + i] = shape.RightModulus.Join(lefts[i], rights[i]);
        }
        chunk.Clear();
    }

    public void Dispose()
    {
        _disposed = true;
        _aes.Dispose();
    }

    /// <summary>The ten rounds of one text, or their inverse, in registers where the processor has AES.</summary>
    private (ulong Left, ulong Right) Run(Ff1Shape shape, ReadOnlySpan<byte> tweak, ulong left, ulong right, bool inverse)
    {
        if (_native is not { } native)
            return RunAlone(shape, tweak, left, right, inverse);
        Vector128<ulong> start = shape.Start(native, tweak);
        for (int step = 0; step < Rounds; step++)
        {
            int round = inverse ? Rounds - 1 - step : step;
            bool isEven = round % 2 == 0;
            ref readonly HalfModulus modulus = ref isEven ? ref shape.LeftModulus : ref shape.RightModulus;
            ulong source = (isEven ? right : left) ^ ((ulong)round * shape.RoundInHigh);
            Vector128<ulong> block = start ^ Vector128.Create((ulong)round * shape.RoundInLow, BinaryPrimitives.ReverseEndianness(source));
            block = native.Encrypt(block.AsByte()).AsUInt64();
            ulong number = Draw(in modulus, shape.IsWide, block[0], block[1]);
            ulong target = isEven ? left : right;
            target = inverse ? modulus.Subtract(target, number) : modulus.Add(target, number);
            (left, right) = isEven ? (target, right) : (left, target);
        }
        return (left, right);
    }

    /// <summary>The same where AES is a call to the platform, which takes blocks from memory.</summary>
    private (ulong Left, ulong Right) RunAlone(Ff1Shape shape, ReadOnlySpan<byte> tweak, ulong left, ulong right, bool inverse)
    {
        Ff1Chunk chunk = new(stackalloc ulong[Ff1Chunk.Words]);
        chunk.Left[0] = left;
        chunk.Right[0] = right;
        chunk.Start(_aes, shape, Ff1Tweaks.Same(tweak), 0, 1);
        chunk.Run(_aes, shape, 1, inverse);
        (left, right) = (chunk.Left[0], chunk.Right[0]);
        chunk.Clear();
        return (left, right);
    }

    private Ff1Shape Shape(int length)
    {
        Ff1Shape? shape = Volatile.Read(ref _shapes[length]);
        if (shape is null)
            Volatile.Write(ref _shapes[length], shape = new Ff1Shape(_radix, length));
        return shape;
    }

    private Ff1Shape NumberShape(int length) => length >= 2 && length <= MaxNumberLength
        ? Shape(length)
        : throw new ArgumentOutOfRangeException(nameof(length), length, $"A number has from 2 to {MaxNumberLength} digits of this radix.");

    private static (ulong Left, ulong Right) Split(Ff1Shape shape, UInt128 value) => value <= shape.MaxNumber
        ? shape.RightModulus.Split(value)
        : throw new ArgumentOutOfRangeException(nameof(value), "A number has more digits than its length says.");

    private void Check(ReadOnlySpan<ushort> digits, Span<ushort> output)
    {
        if (output.Length != digits.Length)
            throw new ArgumentException("The output has as many digits as the input.", nameof(output));
        if (digits.ContainsAnyExceptInRange((ushort)0, (ushort)(_radix - 1)))
            throw new ArgumentException("A digit is not below the radix.", nameof(digits));
    }

    private static void CheckNumbers(Ff1Tweaks tweaks, int values, int output)
    {
        if (output != values)
            throw new ArgumentException("The output has as many numbers as the input.", nameof(output));
        CheckCount(tweaks, values);
    }

    private static void CheckCount(Ff1Tweaks tweaks, int count)
    {
        if (!tweaks.AreFor(count))
            throw new ArgumentException("There are not as many tweaks as texts.", nameof(tweaks));
    }
}
