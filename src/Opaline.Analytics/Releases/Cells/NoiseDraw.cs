namespace Opaline.Analytics;

/// <summary>
/// Fills with independent noise of a scale. The shipped one takes it from a <see cref="DifferentialPrivacy.NoisePool"/>; tests know what
/// they count.
/// </summary>
internal delegate void NoiseDraw(NoiseScale scale, Span<long> noise);
