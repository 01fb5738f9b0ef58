namespace Opaline.Analytics;

/// <summary>The loss of one whole person over all datasets of a subject scope, over all time.</summary>
/// <param name="Scope">The subject scope.</param>
/// <param name="NanoRho">ρ in billionths, an upper bound.</param>
/// <param name="AttoDelta">δ in 1e-18, an upper bound.</param>
/// <param name="Epsilon">ε of the ρ, rounded up: what was learnt is within (it, the configured δ and this one together).</param>
public sealed record ScopeSpend(string Scope, long NanoRho, long AttoDelta, double Epsilon);
