namespace Opaline.Server.Configuration;

/// <summary>The limit of one kind of account.</summary>
internal sealed class AccountSection
{
    /// <summary>ε that may be spent in a window, composed exactly, at <see cref="Delta"/>.</summary>
    public double Epsilon { get; init; } = 20;

    /// <summary>The δ that belongs to <see cref="Epsilon"/>.</summary>
    public double Delta { get; init; } = 1e-6;

    /// <summary>δ that private key selection may spend in a window.</summary>
    public double SelectionDelta { get; init; } = 1e-5;

    /// <summary>Days until the account refills; 0: never.</summary>
    public int WindowDays { get; init; }

    internal void Check(Faults faults)
    {
        faults.Require(
            double.IsFinite(Epsilon) && Epsilon is > 0 and <= 1000,
            nameof(Epsilon),
            "must be a number above 0 and at most 1000.");
        faults.Require(PrivacySection.IsDelta(Delta), nameof(Delta), PrivacySection.DeltaRule);
        faults.Require(PrivacySection.IsDelta(SelectionDelta), nameof(SelectionDelta), PrivacySection.DeltaRule);
        faults.Within(WindowDays, 0, 36_500, nameof(WindowDays));
    }
}
