namespace Opaline.Analytics;

/// <summary>Fills with independent noise of a scale. The shipped one draws from the operating system's generator; tests know what they count.</summary>
internal delegate void NoiseDraw(NoiseScale scale, Span<long> noise);
