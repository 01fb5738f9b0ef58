namespace Opaline.Client.Contracts;

/// <summary>A privacy loss. <see cref="NanoRho"/> is what is charged; ε and δ say the same in other words.</summary>
/// <param name="NanoRho">zCDP ρ in units of 1e-9, rounded up.</param>
/// <param name="Epsilon">ε at <paramref name="Delta"/>.</param>
/// <param name="Delta">δ.</param>
/// <param name="SelectionDelta">The δ charged for private key selection; 0 otherwise.</param>
public sealed record CostDocument(long NanoRho, double Epsilon, double Delta, double SelectionDelta);
