namespace Opaline.Analytics;

/// <summary>What can be computed.</summary>
public enum MeasureFunction
{
    /// <summary>Rows, at most L per unit and group.</summary>
    Count,

    /// <summary>Sum of a field, clamped.</summary>
    Sum,

    /// <summary>Mean of a field: a centred sum and a count, both charged.</summary>
    Mean,

    /// <summary>Distinct subjects.</summary>
    DistinctSubjects,
}
