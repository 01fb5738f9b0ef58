namespace Opaline.DifferentialPrivacy;

/// <summary>An interval that holds the noiseless value with a stated confidence. The ends are rounded outwards and may be infinite.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The part of the interval inside public bounds: no knowledge is lost, since the value is known to lie there.</summary>
    public ConfidenceInterval Within(double lower, double upper) => new(Math.Clamp(Low, lower, upper), Math.Clamp(High, lower, upper));
}
