namespace Opaline.DifferentialPrivacy;

/// <summary>Bounds of integers, found privately: public from then on, for example as those of a <see cref="ValueGrid"/>.</summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound, above the lower one.</param>
public readonly record struct IntegerBounds(long Lower, long Upper);
