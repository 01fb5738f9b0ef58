namespace Opaline.Client.Contracts;

/// <summary>Bounds that a release proposes for later queries; public from then on.</summary>
/// <param name="Contribution">For <c>contributions</c>: bounds within which most units stay; absent where nothing stood out from the noise.</param>
/// <param name="Clamp">For <c>bounds</c>: [lower, upper], within which most values lie; absent likewise.</param>
public sealed record ProposedBoundsDocument(ContributionDocument? Contribution, IReadOnlyList<decimal>? Clamp);
