namespace Opaline.Analytics;

/// <summary>The chance that private selection tells a key.</summary>
/// <param name="Units">Distinct units that have the key, after contribution bounds.</param>
/// <param name="Probability">The chance, between 0 and 1.</param>
public sealed record SurvivalOdds(long Units, double Probability);
