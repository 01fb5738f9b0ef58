namespace Opaline.Client.Contracts;

/// <summary>A privacy loss. <paramref name="NanoRho"/> is what is charged; ε and δ say the same in other words.</summary>
/// <param name="NanoRho">zCDP ρ in units of 1e-9, rounded up; 0 for a replay.</param>
/// <param name="Epsilon">ε at <paramref name="Delta"/>, rounded up; 0 for a replay.</param>
/// <param name="Delta">The δ at which <paramref name="Epsilon"/> holds.</param>
/// <param name="SelectionDelta">The δ charged for private key selection; 0 for public keys.</param>
public sealed record CostDocument(long NanoRho, double Epsilon, double Delta, double SelectionDelta);
