namespace Opaline.Analytics;

/// <summary>What is known of a subject's rows.</summary>
public enum SubjectFunction
{
    /// <summary>How many; with an argument those that have a value of it.</summary>
    Count,

    /// <summary>How many distinct values.</summary>
    DistinctValues,

    /// <summary>The sum of a number.</summary>
    Sum,

    /// <summary>The least of a number.</summary>
    Least,

    /// <summary>The greatest of a number.</summary>
    Greatest,
}
