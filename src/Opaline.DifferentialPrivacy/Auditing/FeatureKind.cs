namespace Opaline.DifferentialPrivacy;

/// <summary>What a feature takes from the outputs of a run.</summary>
internal enum FeatureKind
{
    /// <summary>The output, 0 where it is not finite.</summary>
    Value,

    /// <summary>Whether the output is above its median: the log-likelihood ratio of shifted Laplace noise is nearly this.</summary>
    Above,

    /// <summary>Whether the output exceeds the one before by more than the median of that difference.</summary>
    Rises,

    /// <summary>Whether the output equals the one before.</summary>
    Repeats,

    /// <summary>Whether the output is NaN.</summary>
    IsNaN,

    /// <summary>Whether the output is ∞.</summary>
    IsHighest,

    /// <summary>Whether the output is −∞.</summary>
    IsLowest,
}
