namespace Opaline.Client.Contracts;

/// <summary>Contribution bounds of a question: numbers, or those that an earlier release of <c>contributions</c> proposed.</summary>
/// <param name="Groups">Most groups in which one privacy unit counts; 1 to 1,000,000. With <paramref name="RowsPerGroup"/>.</param>
/// <param name="RowsPerGroup">Most of its rows that count in each; 1 to 1,000,000.</param>
/// <param name="Release">Instead of both: id of the release.</param>
public sealed record QueryContributionDocument(int? Groups = null, int? RowsPerGroup = null, string? Release = null);
