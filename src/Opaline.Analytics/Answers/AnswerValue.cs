namespace Opaline.Analytics;

/// <summary>A noisy value with its 95 % interval. The interval covers noise, not what contribution bounds and clamps cut off.</summary>
/// <param name="Value">The noisy value; a count can be negative, since noise is.</param>
/// <param name="Margin95">Half the width of the interval around <paramref name="Value"/>; null for means, variances and quantiles, whose intervals are not symmetric.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record AnswerValue(decimal Value, decimal? Margin95, decimal Low, decimal High)
{
    /// <summary>A value with its margin on both sides.</summary>
    internal static AnswerValue Around(decimal value, decimal margin95) => new(value, margin95, value - margin95, value + margin95);
}
