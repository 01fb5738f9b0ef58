namespace Opaline.Client.Contracts;

/// <summary>The erasure of a person.</summary>
/// <param name="Id">Its name.</param>
/// <param name="SubjectId">The opaque id by which it was asked for; it leads nowhere once the erasure has begun.</param>
/// <param name="State"><c>requested</c>, <c>shredded</c> (keys are gone), <c>removed</c> (rows are gone) or <c>erased</c> (every store was cleaned and looked through).</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="AsOf">The public tick since which no answer has the person in it, UTC.</param>
/// <param name="ErasedAt">When every store had been looked through, UTC.</param>
/// <param name="Receipt">The signed receipt, a JSON Web Signature (RFC 7515, compact, ES256) over an <see cref="ErasureReceiptDocument"/>, once it is erased.</param>
public sealed record ErasureDocument(
    string Id, string SubjectId, string State, DateTime RequestedAt, DateTime? AsOf, DateTime? ErasedAt, string? Receipt);
