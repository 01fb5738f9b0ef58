namespace Opaline.Ingestion;

/// <summary>A whole request was refused and nothing of it was stored.</summary>
/// <param name="code">Stable code, one of <see cref="IngestRefusals"/>.</param>
/// <param name="detail">What is wrong and what to do, without any value of the request.</param>
/// <param name="path">JSON path of the fault, or null.</param>
/// <param name="errors">The faults of the single events, if that is why.</param>
/// <param name="rejected">How many events were refused.</param>
public sealed class IngestRefusedException(
    string code, string detail, string? path = null, IReadOnlyList<EventError>? errors = null, int rejected = 0) : Exception(detail)
{
    /// <summary>Stable code, one of <see cref="IngestRefusals"/>.</summary>
    public string Code { get; } = code;

    /// <summary>JSON path of the fault, or null.</summary>
    public string? Path { get; } = path;

    /// <summary>The faults of the single events, at most 100; empty unless every event was refused.</summary>
    public IReadOnlyList<EventError> Errors { get; } = errors ?? [];

    /// <summary>How many events were refused; 0 unless every event was.</summary>
    public int Rejected { get; } = rejected;
}
