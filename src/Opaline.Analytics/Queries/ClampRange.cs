namespace Opaline.Analytics;

/// <summary>Public bounds to which values are clamped.</summary>
/// <param name="Lower">Smallest value that counts as itself.</param>
/// <param name="Upper">Largest value that counts as itself; above <paramref name="Lower"/>.</param>
public sealed record ClampRange(decimal Lower, decimal Upper);
