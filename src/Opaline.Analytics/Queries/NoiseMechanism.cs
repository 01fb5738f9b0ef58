namespace Opaline.Analytics;

/// <summary>Kinds of noise.</summary>
public enum NoiseMechanism
{
    /// <summary>Exact discrete Gaussian, the default: under one ρ its variance is always the smaller.</summary>
    DiscreteGaussian,

    /// <summary>Exact discrete Laplace, for a guarantee without δ; public keys only.</summary>
    DiscreteLaplace,
}
