namespace Opaline.Client.Contracts;

/// <summary>A released answer. Rows and plan are the same for whoever gets the release again.</summary>
/// <param name="ReleaseId">Id of the release.</param>
/// <param name="Replayed">Whether it had been released before, and so cost nothing now.</param>
/// <param name="AsOf">The public tick whose data it saw, UTC.</param>
/// <param name="Epoch">Number of that tick.</param>
/// <param name="Rows">One per cell, ordered by keys; all cells of public keys, empty ones too.</param>
/// <param name="Plan">How it was computed; all of it public.</param>
/// <param name="Cost">What this call cost.</param>
/// <param name="Accounts">The accounts that pay, with what is left.</param>
public sealed record AnswerDocument(
    string ReleaseId,
    bool Replayed,
    DateTime AsOf,
    long Epoch,
    IReadOnlyList<AnswerRowDocument> Rows,
    PlanDocument Plan,
    CostDocument Cost,
    IReadOnlyList<AccountDocument> Accounts)
{
    /// <summary>Id of the release from whose numbers these were added up, at no cost; absent for a release itself. Plan and margins then tell its bounds and noise.</summary>
    public string? RolledUpFrom { get; init; }

    /// <summary>What it proposes for later queries; absent where it was not asked for bounds.</summary>
    public ProposedBoundsDocument? Proposed { get; init; }
}
