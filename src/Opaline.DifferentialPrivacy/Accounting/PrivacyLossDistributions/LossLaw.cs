namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The law of the privacy loss ln(P/Q) under P on a grid, in one direction: finite losses on the lattice, and the mass of the losses that
/// no bound holds.
/// </summary>
internal sealed record LossLaw(LatticeLaw Finite, double Infinity);
