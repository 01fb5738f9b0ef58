namespace Opaline.DifferentialPrivacy;

/// <summary>The grid on which privacy losses are held; what is composed must share it.</summary>
/// <remarks>
/// A step h adds at most h²/4 to the variance of each composed loss, so it should be well below the standard deviation of the narrowest one
/// (1/σ for a Gaussian with σ and sensitivity 1).
/// </remarks>
public sealed record LossGrid
{
    /// <summary>A grid of the given step.</summary>
    /// <param name="step">The distance of its points, above 0.</param>
    /// <param name="rounding">How losses between its points are put on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is NaN, infinite, zero or negative, or the rounding is none of the
    /// two.</exception>
    public LossGrid(double step, LossRounding rounding)
    {
        Domain.Positive(step);
        if (!Enum.IsDefined(rounding))
            throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "rounding must be ConnectTheDots or Up.");
        Step = step;
        Rounding = rounding;
    }

    /// <summary>A step of 1e-4, dots connected.</summary>
    public static LossGrid Standard { get; } = new(1e-4, LossRounding.ConnectTheDots);

    /// <summary>The distance of the points.</summary>
    public double Step { get; }

    /// <summary>How losses between points are put on them.</summary>
    public LossRounding Rounding { get; }
}
