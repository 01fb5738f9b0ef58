namespace Opaline.Analytics;

/// <summary>An error bar asked for as a share of what an earlier release told: its values stand for the truth, which nobody knows.</summary>
/// <param name="Relative">Half the width of the interval, as a share of the mean size of the earlier values; above 0.</param>
/// <param name="To">Id of a release of the same dataset, keys and measures.</param>
/// <param name="Confidence">Probability that the interval covers; between 0.5 and 0.999999.</param>
public sealed record RelativeError(double Relative, string To, double Confidence);
