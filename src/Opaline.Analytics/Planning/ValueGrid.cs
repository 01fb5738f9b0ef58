namespace Opaline.Analytics;

/// <summary>The public fixed-point grid of a measure: a value counts as the nearest multiple of the granularity between the bounds.</summary>
/// <param name="Lower">Lower bound, in steps.</param>
/// <param name="Upper">Upper bound, in steps; above <paramref name="Lower"/>.</param>
/// <param name="Granularity">Length of a step.</param>
internal sealed record ValueGrid(long Lower, long Upper, decimal Granularity)
{
    /// <summary>Twice the middle, in steps: a whole number even if the middle is none.</summary>
    public long DoubledMiddle => Lower + Upper;

    /// <summary>Twice half the width, in steps: the most that a doubled value differs from the doubled middle.</summary>
    public long Width => Upper - Lower;

    public decimal LowerValue => Lower * Granularity;

    public decimal UpperValue => Upper * Granularity;
}
