namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The answer of <see cref="QuantileTree"/>: quantiles are read from it without further loss, equal ones for equal ranks and rising with
/// the rank. From the root down, the child in which the rank falls is taken; children with next to nothing of their siblings' rows are
/// taken for empty, and within the last node the values are taken for evenly spread.
/// </summary>
public sealed class NoisyQuantiles
{
    // Ranks nearer to the ends would follow the noise of the outermost nodes.
    private const double LeastRank = 0.005;

    // The share of its siblings' noisy rows below which a node is taken for empty.
    private const double LeastShare = 0.0075;

    // So that a rank at the border of two children, met but for rounding, stays in the left one.
    private const double Tolerance = 1e-6;

    private readonly QuantileTree _tree;
    private readonly double[] _rows;

    internal NoisyQuantiles(QuantileTree tree, double[] rows)
    {
        _tree = tree;
        _rows = rows;
    }

    /// <summary>The value below which about the given part of the rows lies, within the range of the tree.</summary>
    /// <param name="rank">In [0, 1], for example 0.5 for the median; taken within [0.005, 0.995].</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank lies outside [0, 1].</exception>
    public double Quantile(double rank)
    {
        if (rank is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rank), rank, "rank must be in [0, 1].");
        double rest = Math.Clamp(rank, LeastRank, 1 - LeastRank);
        double width = 1;
        double left = 0;
        int node = 0;
        for (int level = 0; level < _tree.Height; level++)
        {
            // The children of node i are i·b + 1 … i·b + b; the root, 0, is left out of the counts.
            int first = node * _tree.Branching;
            int child = Child(_rows.AsSpan(first, _tree.Branching), ref rest);
            if (child < 0)
                break;
            width /= _tree.Branching;
            left += child * width;
            node = first + child + 1;
        }
        double position = left + (rest * width);
        return Math.Clamp(((1 - position) * _tree.Lower) + (position * _tree.Upper), _tree.Lower, _tree.Upper);
    }

    // The child in which the rank falls, and the rank within it; below 0 where all children seem to be empty.
    private static int Child(ReadOnlySpan<double> children, ref double rank)
    {
        double total = 0;
        foreach (double rows in children)
            total += rows;
        if (total <= 0)
            return -1;
        double least = total * LeastShare;
        double kept = 0;
        foreach (double rows in children)
            kept += rows >= least ? rows : 0;
        double below = 0;
        int last = -1;
        for (int i = 0; i < children.Length; i++)
        {
            double rows = children[i];
            if (rows < least)
                continue;
            last = i;
            if ((below + rows) / kept >= rank - Tolerance)
            {
                rank = Math.Clamp(((rank * kept) - below) / rows, 0, 1);
                return i;
            }
            below += rows;
        }
        rank = 1; // reached only by rounding
        return last;
    }
}
