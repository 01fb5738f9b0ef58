namespace Opaline.Client.Contracts;

/// <summary>A released answer.</summary>
/// <param name="ReleaseId">Id of the release.</param>
/// <param name="Dataset">Which dataset.</param>
/// <param name="AsOf">The public tick whose data it saw.</param>
/// <param name="Epoch">Number of that tick.</param>
/// <param name="Replayed">Whether it was released before and cost nothing now.</param>
/// <param name="Rows">The cells.</param>
/// <param name="Plan">How it was computed; all of it public.</param>
/// <param name="Cost">What the release cost; nothing was charged now if it is a replay.</param>
/// <param name="Accounts">The accounts that pay, with what is left.</param>
public sealed record AnswerDocument(
    string ReleaseId,
    string Dataset,
    DateTime AsOf,
    long Epoch,
    bool Replayed,
    IReadOnlyList<AnswerRowDocument> Rows,
    PlanDocument Plan,
    CostDocument Cost,
    IReadOnlyList<AccountDocument> Accounts);
