namespace Opaline.Client.Contracts;

/// <summary>A noisy value with its 95 % interval, which covers noise, not what contribution bounds and clamps cut off.</summary>
/// <param name="Value">The value; a count can be negative, since noise is.</param>
/// <param name="Margin">Half the width of the interval; absent for means, variances and quantiles, whose intervals are not symmetric.</param>
/// <param name="Low">Lower end of the interval; absent where a computed column has none.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record AnswerValueDocument(decimal Value, decimal? Margin, decimal? Low = null, decimal? High = null);
