namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Why a filter did not admit a release: what was asked for, and what is left. It depends on charges alone, never on data.
/// </summary>
/// <param name="Asked">The loss that was asked for.</param>
/// <param name="Left">What may still be spent; at least one amount of it is below the one asked for.</param>
public sealed record PrivacyRefusal(PrivacyLoss Asked, PrivacyLoss Left)
{
    /// <summary>Whether the ρ is short.</summary>
    public bool RhoIsShort => Asked.Rho > Left.Rho;

    /// <summary>Whether the δ is short.</summary>
    public bool DeltaIsShort => Asked.Delta > Left.Delta;
}
