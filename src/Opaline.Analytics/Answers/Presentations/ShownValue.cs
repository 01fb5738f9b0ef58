namespace Opaline.Analytics;

/// <summary>A number that is shown, with its 95 % interval where one is known: that of a measure, a weighted sum or a ratio of measures.</summary>
/// <param name="Value">The number.</param>
/// <param name="Margin95">Half the width of an interval around it; null for one that is not symmetric.</param>
/// <param name="Low">Lower end of the interval, or null.</param>
/// <param name="High">Upper end of the interval, or null.</param>
public sealed record ShownValue(decimal Value, decimal? Margin95, decimal? Low, decimal? High);
