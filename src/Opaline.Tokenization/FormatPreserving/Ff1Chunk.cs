using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// Up to <see cref="Size"/> texts of one shape that go through the rounds side by side, so that AES has many blocks at once. Lives on the
/// stack of its user, who clears it.
/// </summary>
internal readonly ref struct Ff1Chunk
{
    /// <summary>Texts of a chunk.</summary>
    public const int Size = 64;

    /// <summary>Words of memory that a chunk takes.</summary>
    public const int Words = 6 * Size;

    private readonly Span<ulong> _memory;

    public Ff1Chunk(Span<ulong> memory) => _memory = memory;

    /// <summary>The left halves.</summary>
    public Span<ulong> Left => _memory[..Size];

    /// <summary>The right halves.</summary>
    public Span<ulong> Right => _memory.Slice(Size, Size);

    // The first and the last words of every text's Start.
    private Span<ulong> Low => _memory.Slice(2 * Size, Size);

    private Span<ulong> High => _memory.Slice(3 * Size, Size);

    private Span<ulong> Blocks => _memory.Slice(4 * Size, 2 * Size);

    /// <summary>Sets the tweaks of the texts, which begin with number <paramref name="first"/> of <paramref name="tweaks"/>.</summary>
    public void Start(IAesBlocks aes, Ff1Shape shape, Ff1Tweaks tweaks, int first, int count)
    {
        if (tweaks.AreSame)
        {
            if (first > 0)
                return;
            Vector128<ulong> start = shape.Start(aes, tweaks[0]);
            Low.Fill(start[0]);
            High.Fill(start[1]);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            Vector128<ulong> start = shape.Start(aes, tweaks[first + i]);
            Low[i] = start[0];
            High[i] = start[1];
        }
    }

    /// <summary>The ten rounds of the first <paramref name="count"/> texts, or their inverse.</summary>
    public void Run(IAesBlocks aes, Ff1Shape shape, int count, bool inverse)
    {
        bool lanes = Ff1Lanes.CanRun(shape);
        if (lanes)
            count = (count + Ff1Lanes.Count - 1) / Ff1Lanes.Count * Ff1Lanes.Count;
        Span<ulong> blocks = Blocks[..(2 * count)];
        Span<byte> bytes = MemoryMarshal.AsBytes(blocks);
        for (int step = 0; step < Ff1Core.Rounds; step++)
        {
            int round = inverse ? Ff1Core.Rounds - 1 - step : step;
            bool isEven = round % 2 == 0;
            ReadOnlySpan<ulong> source = (isEven ? Right : Left)[..count];
            Span<ulong> target = (isEven ? Left : Right)[..count];
            ref readonly HalfModulus modulus = ref isEven ? ref shape.LeftModulus : ref shape.RightModulus;
            ulong inLow = (ulong)round * shape.RoundInLow;
            ulong inHigh = (ulong)round * shape.RoundInHigh;
            if (lanes)
            {
                Ff1Lanes.Fill(source, Low, High, inLow, inHigh, blocks);
                aes.Encrypt(bytes, bytes);
                Ff1Lanes.Fold(blocks, target, in modulus, shape.IsWide, inverse);
                continue;
            }
            for (int i = 0; i < source.Length; i++)
            {
                blocks[2 * i] = Low[i] ^ inLow;
                blocks[(2 * i) + 1] = High[i] ^ BinaryPrimitives.ReverseEndianness(source[i] ^ inHigh);
            }
            aes.Encrypt(bytes, bytes);
            for (int i = 0; i < target.Length; i++)
            {
                ulong number = Ff1Core.Draw(in modulus, shape.IsWide, blocks[2 * i], blocks[(2 * i) + 1]);
                target[i] = inverse ? modulus.Subtract(target[i], number) : modulus.Add(target[i], number);
            }
        }
    }

    /// <summary>Forgets the texts.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_memory));
}
