using Opaline.Client.Contracts;

namespace Opaline.Client;

/// <summary>How a stream of rows went; while it runs, how far it is.</summary>
/// <param name="Accepted">Rows that are stored (those that were there already included).</param>
/// <param name="Rejected">Rows that are not.</param>
/// <param name="Errors">Why, for the first 100 of them; the index counts from the start of the stream.</param>
public sealed record RowStreamResult(long Accepted, long Rejected, IReadOnlyList<IngestErrorDocument> Errors)
{
    /// <summary>Rows that the server has answered for.</summary>
    public long Answered => Accepted + Rejected;
}
