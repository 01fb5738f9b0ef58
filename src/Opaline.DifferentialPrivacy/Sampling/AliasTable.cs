namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A choice among 256 with chances that are exact multiples of 2^−64, from one 64-bit word: 8 bits choose a column, the other 56 choose
/// between the column's own item and its alias (Walker 1977; Vose 1991). All in integers: there is no rounding.
/// </summary>
internal sealed class AliasTable
{
    /// <summary>The number of items.</summary>
    public const int Count = 1 << ItemBits;

    private const int ItemBits = 8;
    private const ulong Column = 1UL << (64 - ItemBits);

    // The column's own part of its 2^56 words, above the alias.
    private readonly ulong[] _columns = new ulong[Count];

    /// <param name="weights">256 weights, each below 2^64, with the sum 2^64.</param>
    public AliasTable(ReadOnlySpan<ulong> weights)
    {
        ulong[] rest = weights.ToArray();
        Stack<int> small = new();
        Stack<int> large = new();
        for (int i = 0; i < Count; i++)
            (rest[i] < Column ? small : large).Push(i);
        // The weights left are always 2^56 times the items left: while one is below that, another is above.
        while (small.TryPop(out int own))
        {
            int alias = large.Peek();
            _columns[own] = (rest[own] << ItemBits) | (uint)alias;
            rest[alias] -= Column - rest[own];
            if (rest[alias] < Column)
                small.Push(large.Pop());
        }
        foreach (int full in large)
            _columns[full] = (uint)full;
    }

    /// <summary>The item of a uniform word.</summary>
    public int Choose(ulong word)
    {
        ulong column = _columns[(byte)word];
        return (byte)(word >> ItemBits < column >> ItemBits ? word : column);
    }
}
