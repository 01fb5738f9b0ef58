namespace Opaline.Client.Contracts;

/// <summary>What a receipt says and its signature covers.</summary>
/// <param name="Version">Version of this form: 1.</param>
/// <param name="Id">Name of the erasure.</param>
/// <param name="Tenant">Whose data.</param>
/// <param name="SubjectId">The opaque id of the person as it was.</param>
/// <param name="SubjectScope">The subject scope.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="AsOf">The public tick since which no answer is computed with the person in it, UTC. Answers that were released before stay released.</param>
/// <param name="ErasedAt">When keys, values and rows were gone from every store and the stores had been looked through, UTC.</param>
/// <param name="Datasets">What became of the rows, by dataset: <c>delete</c> or <c>anonymize</c>.</param>
/// <param name="ShredHorizon">Until when copies of stores from before the erasure are kept, by the operator's word: the end of the backup window, UTC.</param>
public sealed record ErasureReceiptDocument(
    int Version,
    string Id,
    string Tenant,
    string SubjectId,
    string SubjectScope,
    DateTime RequestedAt,
    DateTime AsOf,
    DateTime ErasedAt,
    IReadOnlyDictionary<string, string> Datasets,
    DateTime ShredHorizon)
{
    /// <summary>
    /// When the server destroyed the person's key, UTC: a fact of its own. From then on it opens no copy of the person's sealed values; whoever has a copy of its control data from
    /// before, and its root key, still does.
    /// </summary>
    public DateTime? KeyDestroyedAt { get; init; }

    /// <summary>
    /// When the last key that could open an old copy was gone, UTC: the end of the backup window, in receipts that were written after it. That copies end with the window is the
    /// operator's word; null before.
    /// </summary>
    public DateTime? ShreddedBy { get; init; }

    /// <summary>What the reader should know, such as that a person who returns to a dataset that keeps rows is counted as another.</summary>
    public string? Note { get; init; }
}
