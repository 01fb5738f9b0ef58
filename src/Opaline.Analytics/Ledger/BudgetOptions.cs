using System.ComponentModel.DataAnnotations;

namespace Opaline.Analytics;

/// <summary>What an account holds per window.</summary>
public sealed class BudgetOptions
{
    /// <summary>ε that the window holds, at <see cref="EpsilonDelta"/>; kept as the ρ that it is worth.</summary>
    [Range(1e-6, 1e6)]
    public double Epsilon { get; set; } = 10;

    /// <summary>The δ that belongs to <see cref="Epsilon"/>.</summary>
    [Range(1e-15, QueryLimits.MaxDelta)]
    public double EpsilonDelta { get; set; } = 1e-6;

    /// <summary>δ of private key selection that the window holds.</summary>
    [Range(0, 1)]
    public double Delta { get; set; } = 1e-4;

    /// <summary>Days after which the account is refilled; null for never.</summary>
    [Range(1, 36_500)]
    public int? WindowDays { get; set; } = 30;
}
