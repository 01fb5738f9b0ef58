namespace Opaline.Analytics;

/// <summary>The loss of one whole person over all datasets of a subject scope, over all time.</summary>
/// <param name="Scope">The subject scope.</param>
/// <param name="NanoRho">ρ in billionths, an upper bound.</param>
/// <param name="Epsilon">ε at the configured δ, rounded up.</param>
public sealed record ScopeSpend(string Scope, long NanoRho, double Epsilon);
