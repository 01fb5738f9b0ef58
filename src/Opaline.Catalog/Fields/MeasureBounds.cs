namespace Opaline.Catalog;

/// <summary>Public bounds of a measure. Values outside are clamped; sums are exact integers of the granularity.</summary>
/// <param name="Lower">Smallest value, a multiple of the granularity.</param>
/// <param name="Upper">Largest value, a multiple of the granularity, above <paramref name="Lower"/>.</param>
/// <param name="Granularity">The grid on which values are counted, such as 0.01; above 0.</param>
public sealed record MeasureBounds(decimal Lower, decimal Upper, decimal Granularity);
