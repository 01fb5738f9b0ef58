namespace Opaline.Client.Contracts;

/// <summary>Neighbouring blocks of a dataset with a period unit that have paid the same.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="From">First day of the first block, in the dataset's zone.</param>
/// <param name="To">Day after the last block.</param>
/// <param name="SpentNanoRho">What each of them has paid in the current window.</param>
public sealed record BlockSpendDocument(string Dataset, DateOnly From, DateOnly To, long SpentNanoRho);
