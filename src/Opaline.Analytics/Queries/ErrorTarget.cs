namespace Opaline.Analytics;

/// <summary>An error bar asked for; the planner finds the cheapest plan that has it. Absolute, as a share of an unknown truth cannot be priced; one of an earlier release is a <see cref="RelativeError"/>.</summary>
/// <param name="Absolute">Half the width of the interval, in the measure's own units; above 0.</param>
/// <param name="Confidence">Probability that the interval covers; between 0.5 and 0.999999.</param>
public sealed record ErrorTarget(double Absolute, double Confidence);
