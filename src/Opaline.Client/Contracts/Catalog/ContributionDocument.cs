namespace Opaline.Client.Contracts;

/// <summary>How much one privacy unit may add to one answer.</summary>
/// <param name="Groups">The most groups it counts in; at least 1.</param>
/// <param name="RowsPerGroup">The most of its rows that count in one group; at least 1.</param>
public sealed record ContributionDocument(int Groups, int RowsPerGroup);
