namespace Opaline.Client.Contracts;

/// <summary>The loss of one whole person over all datasets of a subject scope, over all time.</summary>
/// <param name="Scope">The subject scope.</param>
/// <param name="NanoRho">ρ in units of 1e-9, an upper bound.</param>
/// <param name="Epsilon">ε at the server's δ, rounded up.</param>
public sealed record ScopeSpendDocument(string Scope, long NanoRho, double Epsilon);
