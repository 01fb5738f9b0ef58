namespace Opaline.Analytics;

/// <summary>The blocks of the binary tree over the steps of a live counter (<see cref="DifferentialPrivacy.BinaryTreeCounting"/>).</summary>
internal static class LiveTree
{
    /// <summary>The blocks that the first <paramref name="step"/> steps are made of, the longest first: at most one of each level, 2^level steps long.</summary>
    public static IEnumerable<LiveNode> Of(int step)
    {
        int from = 0;
        for (int level = int.Log2(Math.Max(1, step)); level >= 0; level--)
        {
            if ((step >> level & 1) == 0)
                continue;
            yield return new LiveNode(level, from >> level);
            from += 1 << level;
        }
    }
}
