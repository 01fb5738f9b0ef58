namespace Opaline.DifferentialPrivacy;

/// <summary>Counts rows below and above each of increasing candidates. Sums of up to 2^31 numbers of 64 bits fit their 128.</summary>
internal sealed class RankCounts
{
    private readonly long[] _candidates;

    // Rows between candidates i − 1 and i, and rows at candidate i.
    private readonly Int128[] _before;
    private readonly Int128[] _at;

    public RankCounts(long[] candidates)
    {
        _candidates = candidates;
        _before = new Int128[candidates.Length + 1];
        _at = new Int128[candidates.Length];
    }

    public void Add(long value, long rows)
    {
        int i = Array.BinarySearch(_candidates, value);
        if (i >= 0)
            _at[i] += rows;
        else
            _before[~i] += rows;
    }

    /// <summary>For each candidate, how many rows lie strictly below and strictly above it.</summary>
    public (Int128 Below, Int128 Above)[] AroundEach()
    {
        Int128 above = 0;
        foreach (Int128 rows in _before)
            above += rows;
        foreach (Int128 rows in _at)
            above += rows;
        Int128 below = 0;
        (Int128, Int128)[] around = new (Int128, Int128)[_candidates.Length];
        for (int i = 0; i < around.Length; i++)
        {
            below += _before[i];
            above -= _before[i] + _at[i];
            around[i] = (below, above);
            below += _at[i];
        }
        return around;
    }
}
