namespace Opaline.Client.Contracts;

/// <summary>The loss of one whole person over all datasets of a subject scope, over all time.</summary>
/// <param name="Scope">The subject scope.</param>
/// <param name="NanoRho">ρ in units of 1e-9, an upper bound.</param>
/// <param name="Delta">δ of key selection, an upper bound.</param>
/// <param name="Epsilon">ε of the ρ, rounded up. What was learnt is within (ε, δ), where δ is the server's and <paramref name="Delta"/> together.</param>
public sealed record ScopeSpendDocument(string Scope, long NanoRho, double Delta, double Epsilon);
