namespace Opaline.Catalog;

/// <summary>How much one unit may add to one answer when a query does not say so itself. Public constants, set by the dataset's owner.</summary>
/// <param name="Groups">κ: the most groups (answer cells) one unit counts in; at least 1.</param>
/// <param name="RowsPerGroup">L: the most rows of one unit that count in one group; at least 1.</param>
public sealed record ContributionBounds(int Groups, int RowsPerGroup);
