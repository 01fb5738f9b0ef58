using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// Public bins of the numbers of a grid, and the levels in which they are counted: a histogram is counted once; of a tree, whose leaves are its bins, every
/// node is.
/// </summary>
/// <param name="Starts">The first step of every bin but the first, ascending; none where all bins are equally wide.</param>
/// <param name="Width">Steps of a bin, all being equally wide; 0 where they are not.</param>
/// <param name="Branching">Children of a node; 0 for a histogram.</param>
/// <param name="Height">Levels of the tree below its root; 1 for a histogram.</param>
internal sealed record Binning(ImmutableArray<long> Starts, long Width, int Branching, int Height)
{
    // The finest trees first. A tree of another shape would have to be read by other code.
    private static readonly (int Branching, int Height)[] Trees = [(16, 3), (16, 2), (8, 2), (4, 2), (8, 1), (4, 1), (2, 1)];

    /// <summary>The bins that a row can be in.</summary>
    public int Leaves => Branching == 0 ? Starts.Length + 1 : Power(Branching, Height);

    /// <summary>The numbers that get noise.</summary>
    public int Nodes => Branching == 0 ? Leaves : (Leaves - 1) / (Branching - 1) * Branching;

    /// <summary>The one text of the bins.</summary>
    public string Canonical => string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', Starts)};{Width};{Branching};{Height}");

    /// <summary>The bins of a histogram: below the first start, between the others, and from the last one on.</summary>
    public static Binning Histogram(ImmutableArray<long> starts) => new(starts, 0, 0, 1);

    /// <summary>
    /// The finest tree of which there is room for every cell, but none finer than the grid; null where there is room for none. More levels need more noise,
    /// so the fewest are taken that part the grid as finely.
    /// </summary>
    public static Binning? Tree(ValueGrid grid, int cells)
    {
        List<Binning> room =
        [
            .. Trees.Select(t => new Binning([], (grid.Count + Power(t.Branching, t.Height) - 1) / Power(t.Branching, t.Height), t.Branching, t.Height))
                .Where(t => (long)t.Nodes * cells <= QueryLimits.MaxCells),
        ];
        return room.Count == 0 ? null : room.Where(t => t.Width == room.Min(r => r.Width)).MinBy(t => (t.Height, t.Nodes));
    }

    /// <summary>The numbers that get noise, from those of the bins.</summary>
    public BigInteger[] Count(ReadOnlySpan<BigInteger> leaves)
    {
        BigInteger[] nodes = new BigInteger[Nodes];
        leaves.CopyTo(nodes.AsSpan(Nodes - Leaves));
        // Node i of a tree has the children i·b + 1 … i·b + b; the root, 0, is public knowledge of no one and left out.
        for (int node = Nodes; Branching > 0 && node > Branching; node--)
            nodes[((node - 1) / Branching) - 1] += nodes[node - 1];
        return nodes;
    }

    private static int Power(int number, int exponent) => exponent == 0 ? 1 : number * Power(number, exponent - 1);
}
