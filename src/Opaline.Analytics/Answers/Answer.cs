using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A released answer. Rows and plan are the same bytes for whoever gets the release again.</summary>
/// <param name="ReleaseId">Id of the release: 32 hexadecimal digits.</param>
/// <param name="Replayed">Whether it had been released before, and so cost nothing now.</param>
/// <param name="AsOf">The public tick whose data it speaks about, UTC.</param>
/// <param name="Epoch">Number of that tick.</param>
/// <param name="Rows">One per cell, ordered by keys; all cells of public keys, empty ones too.</param>
/// <param name="Plan">How it was computed.</param>
/// <param name="Cost">What this call cost, and what is left.</param>
/// <param name="Proposed">Bounds for later queries, where it was asked for them.</param>
/// <param name="RolledUpFrom">Id of the release from whose numbers these were added up, at no cost; null for a release itself.</param>
public sealed record Answer(
    string ReleaseId,
    bool Replayed,
    DateTime AsOf,
    long Epoch,
    ImmutableArray<AnswerRow> Rows,
    PlanSummary Plan,
    AnswerCost Cost,
    ProposedBounds? Proposed = null,
    string? RolledUpFrom = null)
{
    /// <summary>The rows as they were asked to be shown.</summary>
    public AnswerTable Table { get; init; } = new([], [], []);

    /// <summary>How many released numbers each row's were added up from; empty for a release itself.</summary>
    internal ImmutableArray<int> Terms { get; init; } = [];

    /// <summary>The same to who has it already, and pays nothing for it.</summary>
    internal Answer AsReplay() => this with { Replayed = true, Cost = AnswerCost.Free(Cost.Delta, Cost.Accounts) };

    internal int TermsOf(int row) => Terms.IsEmpty ? 1 : Terms[row];
}
