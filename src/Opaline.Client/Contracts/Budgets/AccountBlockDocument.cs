namespace Opaline.Client.Contracts;

/// <summary>Equal neighbouring blocks of a dataset's account.</summary>
/// <param name="From">First day of the first block.</param>
/// <param name="To">Day after the last block.</param>
/// <param name="SpentNanoRho">Spent in each of them.</param>
/// <param name="LeftNanoRho">Left in each of them.</param>
public sealed record AccountBlockDocument(DateOnly From, DateOnly To, long SpentNanoRho, long LeftNanoRho);
