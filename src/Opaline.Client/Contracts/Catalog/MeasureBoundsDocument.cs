namespace Opaline.Client.Contracts;

/// <summary>Public bounds of a measure; values outside are clamped.</summary>
/// <param name="Lower">Smallest value, a multiple of the granularity.</param>
/// <param name="Upper">Largest value, a multiple of the granularity.</param>
/// <param name="Granularity">The grid on which values are counted, such as 0.01.</param>
public sealed record MeasureBoundsDocument(decimal Lower, decimal Upper, decimal Granularity);
