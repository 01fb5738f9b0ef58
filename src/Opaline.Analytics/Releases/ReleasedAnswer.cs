using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Analytics;

/// <summary>The part of an answer that is released once and given again as it is.</summary>
internal sealed record ReleasedAnswer(string ReleaseId, DateTime AsOf, long Epoch, ImmutableArray<AnswerRow> Rows, PlanSummary Plan, ProposedBounds? Proposed = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new AnswerRowJson(), new BigIntegerJson(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>How many released numbers each row's were added up from; empty for a release itself.</summary>
    [JsonIgnore]
    public ImmutableArray<int> Terms { get; init; } = [];

    /// <summary>The numbers of some of its measures, by their places.</summary>
    public ReleasedAnswer Part(int first, int count)
    {
        int skipped = Plan.Measures.Take(first).Sum(m => m.Columns.Count());
        int taken = Plan.Measures.Skip(first).Take(count).Sum(m => m.Columns.Count());
        return this with { Rows = [.. Rows.Select(r => r with { Values = r.Values.Slice(skipped, taken) })], Plan = Plan.Part(first, count) };
    }

    /// <summary>JSON in UTF-8: as a text an answer of two thousand rows would be a large object, which takes longer to make than to fill.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static ReleasedAnswer Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<ReleasedAnswer>(json, Json)
        ?? throw new JsonException("A stored release is empty.");

    /// <summary>The answer as it leaves.</summary>
    public Answer Answer(bool replayed, AnswerCost cost, string? rolledUpFrom = null) =>
        new(ReleaseId, replayed, AsOf, Epoch, Rows, Plan, cost, Proposed, rolledUpFrom) { Terms = Terms };
}
