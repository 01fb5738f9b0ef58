using Opaline.Access;
using Opaline.Catalog;

namespace Opaline.Ingestion;

/// <summary>One request's events, as they came.</summary>
/// <param name="Caller">Who sends them.</param>
/// <param name="Dataset">Where they go, as the catalog has it now.</param>
/// <param name="Body">The decompressed body. It must not change before the call ends.</param>
/// <param name="Format">How the body holds the events.</param>
/// <param name="IdempotencyKey">The caller's name for this request, 1 to 255 characters, or null.</param>
/// <param name="Source">
/// What the event ids are unique in, 1 to 128 visible ASCII characters, or null: then they are unique in the caller's id. A file that is sent
/// again by another client names its source, or every row of it would count twice.
/// </param>
public sealed record IngestBatch(Caller Caller, Dataset Dataset, ReadOnlyMemory<byte> Body, BodyFormat Format, string? IdempotencyKey = null, string? Source = null)
{
    /// <summary>What event ids and Idempotency-Keys are unique in. A client may be called like a source: the kind keeps them apart.</summary>
    internal string Sender => Source is null ? "client/" + Caller.Id : "source/" + Source;
}
