namespace Opaline.Client.Contracts;

/// <summary>A margin to aim at: absolute, or relative to an earlier release.</summary>
/// <param name="Absolute">The half-width, in units of the answer. Not together with <see cref="Relative"/>.</param>
/// <param name="Confidence">The share of answers that lie within it; default 0.95.</param>
public sealed record QueryErrorTargetDocument(double? Absolute = null, double? Confidence = null)
{
    /// <summary>The half-width as a share of what <see cref="To"/> released, such as 0.02.</summary>
    public double? Relative { get; init; }

    /// <summary>With <see cref="Relative"/>: id of a release of the same keys and measures. An answer that was rolled up bears the id of the release it was added up from, which has other keys.</summary>
    public string? To { get; init; }
}
