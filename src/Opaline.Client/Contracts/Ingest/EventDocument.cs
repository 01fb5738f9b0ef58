using System.Text.Json;

namespace Opaline.Client.Contracts;

/// <summary>One event of the built-in dataset, body of <c>POST /events</c> (one, an array, or one a line as NDJSON).</summary>
/// <param name="UserId">Whom it is about; never stored as it is.</param>
/// <param name="Action">What happened.</param>
/// <param name="Timestamp">When, UTC.</param>
/// <param name="Metadata">More about it; nested objects flatten to <c>metadata.a.b</c>.</param>
/// <param name="EventId">The sender's id: the same event of a person sent twice counts once.</param>
public sealed record EventDocument(
    string UserId, string Action, DateTime Timestamp, IReadOnlyDictionary<string, JsonElement>? Metadata = null, string? EventId = null);
