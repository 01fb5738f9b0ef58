using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact draws with chances proportional to f(|x|), by rejection from a staircase above f. Each side of 0 has blocks of w = 2^j integers,
/// whose heights V fall like f, and a tail of blocks of m = 2^t·w integers, whose heights halve. A try
/// <list type="bullet">
/// <item>chooses a block with chance V/2^64 (the whole tail: 2^(t+1)·V/2^64) by one word and an exact table;</item>
/// <item>in a tail takes the sub-block v with chance 2^−(v+1): the number of heads before the first tail;</item>
/// <item>takes |x| uniformly in the block, by j or j + t bits;</item>
/// <item>accepts x with chance f(|x|)·C·2^v/V, v = 0 in a block; else it begins anew.</item>
/// </list>
/// The product of these is f(|x|)·C/(2^64·w) for every x: the law is exact for whatever integers C and V, if no chance is above 1. They are
/// made so: V ≥ f·C at the inner edge of its block, and in a tail f falls to less than a half over m integers, hence over each m further
/// out, since −ln f is convex.
/// <para>
/// The coin of the last step compares a uniform real U with its chance: by its first 64 bits and the chance of the whole block, which
/// suffices for nine of ten; else by fixed-point bounds of f(|x|); else, at most about once in 2^50 tries, by as many more bits as it
/// takes.
/// </para>
/// </summary>
internal sealed class Staircase
{
    // The blocks reach as far as f is above e^-8 at least, and at most twice as far.
    private static readonly Rational s_covered = 8;

    // Above ln 2.
    private static readonly Rational s_halved = new(7, 10);

    private readonly Decay _decay;
    private readonly int _sides;
    private readonly int _firstTail;
    private readonly ulong _top;
    private readonly Block[] _blocks;

    private Staircase(Decay decay, int sides)
    {
        _decay = decay;
        _sides = sides;
        _firstTail = AliasTable.Count - sides;
        BigInteger steps = _firstTail / sides;
        while (!decay.Falls(0, steps << WidthBits, s_covered))
            WidthBits++;
        BigInteger end = steps << WidthBits;
        for (TailBits = WidthBits; !decay.Falls(end, end + (BigInteger.One << TailBits), s_halved);)
            TailBits++;
        _top = Top();
        ulong[] heights = [.. Enumerable.Range(0, AliasTable.Count).Select(Height)];
        ulong[] weights = [.. heights.Select((height, i) => height << Multiplicity(i))];
        // What is left of 2^64 raises the innermost block, by nothing that matters.
        ulong left = weights.Aggregate(0UL, (sum, weight) => unchecked(sum - weight));
        heights[0] += left;
        weights[0] += left;
        _blocks = [.. heights.Select((height, i) => new Block(Start(i), height, -(i % sides), Sure(Start(i), height)))];
        Choice = new AliasTable(weights);
    }

    /// <summary>The choice of a block by the first word of a try.</summary>
    internal AliasTable Choice { get; }

    /// <summary>j: a block is 2^j integers wide.</summary>
    internal int WidthBits { get; }

    /// <summary>j + t: a tail's sub-block is 2^(j + t) integers wide.</summary>
    internal int TailBits { get; }

    /// <summary>x on all integers.</summary>
    public static Staircase TwoSided(Decay decay) => new(decay, 2);

    /// <summary>x ≥ 0.</summary>
    public static Staircase OneSided(Decay decay) => new(decay, 1);

    /// <summary>
    /// A draw; below 2^62 in magnitude unless 64 heads in a row lead into a tail, and below 2^96 after any number that an int can count.
    /// </summary>
    public Int128 Draw<TBits>(TBits bits)
        where TBits : IBitSource
    {
        while (true)
        {
            int index = Choice.Choose(bits.Next(64));
            ref readonly Block block = ref _blocks[index];
            if (index < _firstTail)
            {
                ulong magnitude = block.Start + Offset(bits, WidthBits);
                ulong coin = bits.Next(64);
                if (coin < block.Sure || Accepts(bits, index, 0, magnitude, coin))
                    return ((long)magnitude ^ block.Sign) - block.Sign;
            }
            else
            {
                int heads = Heads(bits);
                UInt128 magnitude = block.Start + ((UInt128)(uint)heads << TailBits) + Offset(bits, TailBits);
                if (Accepts(bits, index, heads, magnitude, bits.Next(64)))
                    return ((Int128)magnitude ^ block.Sign) - block.Sign;
            }
        }
    }

    /// <summary>
    /// Fills the destination with independent draws. Nothing is allocated unless the first 64 bits of a coin leave it open.
    /// </summary>
    /// <exception cref="OverflowException">A draw is beyond 64 bits.</exception>
    public void Fill<TBits>(Span<long> destination, TBits bits)
        where TBits : IBitSource
    {
        foreach (ref long draw in destination)
            draw = checked((long)Draw(bits));
    }

    /// <summary>Whether U·V/2^heads &lt; f·C, where U lies in [coin, coin + 1)/2^64.</summary>
    internal bool Accepts<TBits>(TBits bits, int index, int heads, UInt128 magnitude, ulong coin)
        where TBits : IBitSource
    {
        ulong height = _blocks[index].Height;
        // Beyond 64 heads the magnitude may leave 63 bits: below, blocks end before 2^60, and 64 tail blocks are at most 2^61 wide.
        if (heads < 64)
        {
            ulong near = _decay.Near((ulong)magnitude);
            UInt128 low = Math.BigMul(coin, height);
            if (low >> heads >= Math.BigMul(near + FixedExponential.Error, _top) << 1)
                return false;
            if (near > FixedExponential.Error && (low + height) >> heads < Math.BigMul(near - FixedExponential.Error, _top) << 1)
                return true;
        }
        (BigInteger n, BigInteger d) = _decay.Exponent(magnitude);
        return BernoulliExponential.Continue(bits, coin, n, d, (BigInteger)_top << heads, height);
    }

    /// <summary>
    /// The least magnitude of a block. Sides alternate: from 0 where x ≥ 0, from 1 where x &lt; 0. The last block of each is its tail.
    /// </summary>
    internal ulong Start(int index) => ((ulong)(index / _sides) << WidthBits) + (ulong)(index % _sides);

    private static ulong Offset<TBits>(TBits bits, int count)
        where TBits : IBitSource => count == 0 ? 0 : bits.Next(count);

    private static int Heads<TBits>(TBits bits)
        where TBits : IBitSource
    {
        int heads = 0;
        while (bits.Next(1) == 1)
            heads = checked(heads + 1);
        return heads;
    }

    // The logarithm of the weight of a block's choice in heights: a tail is 2^t times as wide as a block, and all its sub-blocks weigh as
    // much as two of the first.
    private int Multiplicity(int index) => index < _firstTail ? 0 : TailBits - WidthBits + 1;

    // C: the greatest with which the heights, each rounded up by at most 1, fit into 2^64.
    private ulong Top()
    {
        UInt128 sum = 0;
        UInt128 rounding = 0;
        for (int i = 0; i < AliasTable.Count; i++)
        {
            sum += (UInt128)(_decay.Near(Start(i)) + FixedExponential.Error) << Multiplicity(i);
            rounding += UInt128.One << Multiplicity(i);
        }
        return (ulong)((((UInt128.One << 64) - rounding) << 63) / sum);
    }

    // f·C at the inner edge, rounded up.
    private ulong Height(int index) => (ulong)(Math.BigMul(_decay.Near(Start(index)) + FixedExponential.Error, _top) >> 63) + 1;

    // A lower bound of 2^64 times the least chance in the block.
    private ulong Sure(ulong start, ulong height)
    {
        ulong near = _decay.Near(start + (1UL << WidthBits) - 1);
        return near <= FixedExponential.Error
            ? 0
            : (ulong)UInt128.Min((Math.BigMul(near - FixedExponential.Error, _top) << 1) / height, ulong.MaxValue);
    }

    /// <param name="Start">Its least magnitude.</param>
    /// <param name="Height">V.</param>
    /// <param name="Sign">0 for x ≥ 0, −1 for x &lt; 0.</param>
    /// <param name="Sure">A coin below this is accepted wherever x is in the block.</param>
    private readonly record struct Block(ulong Start, ulong Height, long Sign, ulong Sure);
}
