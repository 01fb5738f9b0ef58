using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>
/// What 95 % intervals of a measure are read from: one of these, by its function. All of it is public; what takes a while to make waits until it is needed.
/// </summary>
internal sealed class MeasurePrecision
{
    /// <summary>1 − α of every printed interval.</summary>
    public const double Confidence = 0.95;

    /// <summary>The chance with which a printed interval misses.</summary>
    public const double Alpha = 1 - Confidence;

    private readonly Lazy<RatioAccuracy>? _mean;
    private readonly Lazy<VarianceAccuracy>? _variance;
    private readonly Lazy<QuantileTree>? _tree;

    private MeasurePrecision(long? halfWidth, Lazy<RatioAccuracy>? mean, Lazy<VarianceAccuracy>? variance, Lazy<QuantileTree>? tree)
    {
        HalfWidth = halfWidth;
        _mean = mean;
        _variance = variance;
        _tree = tree;
    }

    /// <summary>Of what is made of other values: they have the intervals.</summary>
    public static MeasurePrecision None { get; } = new(null, null, null, null);

    /// <summary>Half the width of the interval of every number by itself, in steps.</summary>
    public long? HalfWidth { get; }

    public RatioAccuracy Mean => _mean!.Value;

    public VarianceAccuracy Variance => _variance!.Value;

    public QuantileTree Tree => _tree!.Value;

    public static MeasurePrecision Of(MeasureFunction function, ReadOnlySpan<Component> components)
    {
        Component first = components[0];
        switch (function)
        {
            case MeasureFunction.Mean:
                Component count = components[1];
                return new MeasurePrecision(null, new(() => new RatioAccuracy(first.Noise.Law, count.Noise.Law, Confidence)), null, null);
            case MeasureFunction.Variance or MeasureFunction.StandardDeviation:
                (Component sum, Component rows) = (components[1], components[2]);
                return new MeasurePrecision(null, null, new(() => new VarianceAccuracy(rows.Noise.Law, sum.Noise.Law, first.Noise.Law, Confidence)), null);
            case MeasureFunction.Quantiles:
                return new MeasurePrecision(null, null, null, new(() => TreeOf(first)));
            default:
                return new MeasurePrecision(first.Noise.Law.HalfWidth(Alpha), null, null, null);
        }
    }

    /// <summary>Makes what intervals need, before any data is read.</summary>
    public void Prepare()
    {
        _ = (_mean?.Value, _variance?.Value);
        _tree?.Value.PrepareIntervals(Confidence);
    }

    // From the first step on, a leaf being as wide as the planned bins. The tree only reads; its own bounds and loss are not asked.
    private static QuantileTree TreeOf(Component component)
    {
        (ValueGrid grid, Binning bins) = (component.Shape.Grid!, component.Shape.Bins!);
        return new QuantileTree(
            0, (double)bins.Width * bins.Leaves, bins.Branching, bins.Height, new ContributionBounds(1, component.RowsPerGroup), component.Noise.Law);
    }
}
