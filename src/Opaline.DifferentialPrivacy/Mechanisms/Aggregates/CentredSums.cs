using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The exact sums behind a mean and a variance: over the rows, of c and of c², where c is the distance of the clamped index from the middle
/// of the bounds, in halves of a step.
/// </summary>
internal readonly record struct CentredSums(long Count, BigInteger Sum, BigInteger SumOfSquares)
{
    // |c| ≤ 2^54: so many squares fit into 124 bits.
    private const int Chunk = 1 << 16;

    /// <summary>The sum over the rows of 2c² − w², w being the width of the bounds: between −w² and w² for each row.</summary>
    public BigInteger CentredSquares(ValueGrid grid) => (2 * SumOfSquares) - (Count * BigInteger.Pow(grid.Width, 2));

    /// <summary>The sums of the rows. Each row is clamped by itself, before anything is summed.</summary>
    public static CentredSums Of(ValueGrid grid, ReadOnlySpan<double> values)
    {
        BigInteger sum = BigInteger.Zero;
        BigInteger squares = BigInteger.Zero;
        for (int start = 0; start < values.Length; start += Chunk)
        {
            Int128 partial = 0;
            UInt128 partialSquares = 0;
            foreach (double value in values.Slice(start, Math.Min(Chunk, values.Length - start)))
            {
                long centred = grid.Centred(grid.Index(value));
                ulong magnitude = (ulong)Math.Abs(centred);
                partial += centred;
                partialSquares += Math.BigMul(magnitude, magnitude);
            }
            sum += partial;
            squares += partialSquares;
        }
        return new CentredSums(values.Length, sum, squares);
    }
}
