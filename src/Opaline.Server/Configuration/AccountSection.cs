using Opaline.Analytics;

namespace Opaline.Server.Configuration;

/// <summary>What an account holds per window.</summary>
internal sealed class AccountSection
{
    /// <summary>ε that a window holds at <see cref="PrivacySection.DefaultDelta"/>; kept and composed as the ρ that it is worth.</summary>
    public double Epsilon { get; init; } = 10;

    /// <summary>δ that private key selection may spend in a window.</summary>
    public double Delta { get; init; } = 1e-4;

    /// <summary>Days until the account refills; 0: never.</summary>
    public int WindowDays { get; init; } = 30;

    internal void Check(Faults faults)
    {
        faults.Require(
            Epsilon is >= QueryLimits.MinConfiguredEpsilon and <= 1e6,
            nameof(Epsilon),
            "must be a number from 0.000001 to 1000000.");
        faults.Require(QueryLimits.IsDelta(Delta), nameof(Delta), PrivacySection.DeltaRule);
        faults.Within(WindowDays, 0, 36_500, nameof(WindowDays));
    }
}
