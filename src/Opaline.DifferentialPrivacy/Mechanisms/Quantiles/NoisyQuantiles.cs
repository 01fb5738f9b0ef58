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

    // Of an interval: shared among the levels of a tree it is still above the least that SumAccuracy takes.
    private const double LeastAlpha = 1e-10;

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
        CheckRank(rank);
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

    /// <summary>
    /// The interval that holds the quantile of the values, taken within the range of the tree, with at least the given confidence; all of
    /// the range where nothing is known. Its ends are ends of leaves. It covers the noise, not what contribution bounding removed and not
    /// where in a leaf a value lies, and is post-processing: it costs nothing.
    /// </summary>
    /// <remarks>
    /// Let F(k) of n rows be in the first k leaves. A q-quantile is an x with at most q·n values below and at least q·n values up to it.
    /// Where F(k) &lt; q·n, one of the latter is in a later leaf, so x is not below the end of leaf k; where F(k) &gt; q·n, one of the
    /// first F(k) values is at least x, so x is not above it. With A = F(k) rows before the end of leaf k and B = n − F(k) after it, the
    /// first is (1 − q)·A &lt; q·B. A and B are sums over disjoint nodes, whose noises <see cref="SumAccuracy"/> bounds, each with a chance
    /// of a/2 on the side that matters: testing one end of a leaf errs with a chance of at most a.
    /// <para>
    /// For the lower end the tests go from the root down, in each node from the left to the first end of a child that does not pass, and
    /// on into this child. Let j be the first end of a leaf that must not pass. As long as none such has passed, the node has its left end
    /// before j, and an error among its children must first pass the first end of a child from j on. Where j is in the node, this is one
    /// end that j alone determines, tested by nodes that j alone determines; elsewhere no error is possible. So there is one possible
    /// first error a level, however many ends are tested: the chance of any is at most h·a with h levels. The upper end is the mirror
    /// image, and a = (1 − confidence)/(2h).
    /// </para>
    /// </remarks>
    /// <param name="rank">In [0, 1], for example 0.5 for the median; unlike in <see cref="Quantile"/> the outermost ranks too.</param>
    /// <param name="confidence">In (0, 1 − 1e-10], for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public ConfidenceInterval Interval(double rank, double confidence)
    {
        CheckRank(rank);
        double each = ConfidenceOfOne(confidence, _tree.Height);
        double Reach(int nodes) => _tree.Reach(nodes, each);

        double first = LeafEnd(Passed(rank, 1 - rank, fromLeft: true, Reach));
        double last = LeafEnd(_tree.Leaves - Passed(1 - rank, rank, fromLeft: false, Reach));
        // The leaf of a value and the end of a leaf are rounded a few times each.
        double slack = 16 * RoundUp.Unit * Math.Max(Math.Abs(_tree.Lower), Math.Abs(_tree.Upper));
        // Where both sides erred so much that they cross, what lies between is as good as anything.
        return new ConfidenceInterval(Math.Min(first, last) - slack, Math.Max(first, last) + slack).Within(_tree.Lower, _tree.Upper);
    }

    // Of one test of an end of a leaf: see Interval.
    internal static double ConfidenceOfOne(double confidence, int height)
    {
        double alpha = Domain.AlphaOf(confidence);
        if (alpha < LeastAlpha)
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "confidence must be in (0, 1 − 1e-10].");
        return Math.BitIncrement(1 - (alpha / (2 * height)));
    }

    // The leaves, from one side, that surely end before the quantile, which has the share of the rows on that side and the rest beyond.
    private int Passed(double share, double rest, bool fromLeft, Func<int, double> reach)
    {
        double near = 0;
        double far = 0;
        double size = 0; // of all numbers added up: what they can lose in rounding
        int nearNodes = 0;
        int farNodes = 0;
        int passed = 0;
        int node = 0;
        for (int level = 0; level < _tree.Height; level++)
        {
            int first = node * _tree.Branching;
            double[] children = _rows.AsSpan(first, _tree.Branching).ToArray();
            if (!fromLeft)
                Array.Reverse(children);
            far += children.Sum();
            farNodes += children.Length;
            size += children.Sum(Math.Abs);
            int child = 0;
            for (; child < children.Length - 1; child++)
            {
                double nearReach = reach(nearNodes + 1);
                double farReach = reach(farNodes - 1);
                double slack = (size + nearReach + farReach) * RoundUp.Slack;
                if (!((rest * (near + children[child] + nearReach)) + slack < share * (far - children[child] - farReach)))
                    break;
                near += children[child];
                far -= children[child];
                nearNodes++;
                farNodes--;
            }
            far -= children[child];
            farNodes--;
            passed = (passed * _tree.Branching) + child;
            node = first + (fromLeft ? child : children.Length - 1 - child) + 1;
        }
        return passed;
    }

    private double LeafEnd(int leaf)
    {
        double position = (double)leaf / _tree.Leaves;
        return ((1 - position) * _tree.Lower) + (position * _tree.Upper);
    }

    private static void CheckRank(double rank)
    {
        if (rank is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rank), rank, "rank must be in [0, 1].");
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
