namespace Opaline.Analytics;

/// <summary>What can be computed.</summary>
public enum MeasureFunction
{
    /// <summary>Rows, at most L per unit and group; with an argument those that have a value of it.</summary>
    Count,

    /// <summary>Sum of a number, clamped.</summary>
    Sum,

    /// <summary>Mean of a number: a centred sum and a count, both charged.</summary>
    Mean,

    /// <summary>Distinct subjects.</summary>
    DistinctSubjects,

    /// <summary>Distinct values, at most L per unit and group.</summary>
    DistinctValues,

    /// <summary>Variance of a number: centred squares, a centred sum and a count, all charged.</summary>
    Variance,

    /// <summary>The square root of the variance.</summary>
    StandardDeviation,

    /// <summary>Quantiles of a number, all from one noisy histogram of it.</summary>
    Quantiles,

    /// <summary>Rows per bin of a number.</summary>
    Histogram,

    /// <summary>How many groups units are in, and how many rows they have in their largest one: a release of its own, which proposes contribution bounds.</summary>
    Contributions,

    /// <summary>Rows by the magnitude of a number, to the next power of two: a release of its own, which proposes a clamp.</summary>
    Bounds,

    /// <summary>A ratio of other values of a behaviour's answer; never asked for by itself.</summary>
    Rate,
}
