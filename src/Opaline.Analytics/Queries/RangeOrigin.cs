namespace Opaline.Analytics;

/// <summary>Who chose the range of a query.</summary>
public enum RangeOrigin
{
    /// <summary>The request; where it names no edge, the dataset's declared range.</summary>
    Request,

    /// <summary>The public default of metrics: the last 30 whole periods before the current tick.</summary>
    LastPeriods,
}
