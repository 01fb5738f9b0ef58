namespace Opaline.Analytics;

/// <summary>What an account holds per window.</summary>
public sealed class AccountOptions
{
    /// <summary>ε that the window holds, at <see cref="AnalyticsOptions.DefaultDelta"/>; kept as the ρ that it is worth.</summary>
    public double Epsilon { get; set; } = 10;

    /// <summary>δ of private key selection that the window holds.</summary>
    public double Delta { get; set; } = 1e-4;

    /// <summary>Days after which the account is refilled; null for never.</summary>
    public int? WindowDays { get; set; } = 30;
}
