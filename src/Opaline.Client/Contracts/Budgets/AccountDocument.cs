namespace Opaline.Client.Contracts;

/// <summary>A budget account, in ρ (units of 1e-9).</summary>
/// <param name="Kind"><c>dataset</c>, <c>department</c> or <c>principal</c>.</param>
/// <param name="Key">Name of the dataset, department or caller.</param>
/// <param name="LimitNanoRho">What may be spent in a window.</param>
/// <param name="SpentNanoRho">What is spent; for a dataset with blocks: in the most spent one.</param>
/// <param name="LeftNanoRho">What is left.</param>
/// <param name="LeftEpsilon">ε that is left, at the server's δ.</param>
/// <param name="LimitDelta">What key selection may spend in a window.</param>
/// <param name="LeftDelta">What of it is left.</param>
/// <param name="WindowDays">Days until the account refills; null: it never does.</param>
/// <param name="MoreAt">When it refills next; null: it never does.</param>
/// <param name="LifetimeNanoRho">Everything ever spent, over all windows.</param>
/// <param name="Blocks">For a dataset with a period unit: the blocks that were charged.</param>
public sealed record AccountDocument(
    string Kind,
    string Key,
    long LimitNanoRho,
    long SpentNanoRho,
    long LeftNanoRho,
    double LeftEpsilon,
    double LimitDelta,
    double LeftDelta,
    int? WindowDays = null,
    DateTime? MoreAt = null,
    long? LifetimeNanoRho = null,
    IReadOnlyList<AccountBlockDocument>? Blocks = null);
