namespace Opaline.Analytics;

/// <summary>What an account has spent in its current window; of one with blocks, its most spent block among those asked about.</summary>
/// <param name="Account">The account.</param>
/// <param name="Window">The number of the window's first day; 0 for an account that is never refilled.</param>
/// <param name="SpentNanoRho">ρ in billionths.</param>
/// <param name="SpentAttoDelta">δ in 1e-18.</param>
/// <param name="LifetimeNanoRho">ρ over all windows, of the most spent block of all.</param>
/// <param name="LifetimeAttoDelta">The same of δ.</param>
internal readonly record struct AccountState(
    Account Account, long Window, long SpentNanoRho, long SpentAttoDelta, long LifetimeNanoRho, long LifetimeAttoDelta)
{
    /// <summary>What is left, ρ in billionths.</summary>
    public long LeftNanoRho => Math.Max(0, Account.LimitNanoRho - SpentNanoRho);

    /// <summary>What is left, δ in 1e-18.</summary>
    public long LeftAttoDelta => Math.Max(0, Account.LimitAttoDelta - SpentAttoDelta);

    /// <summary>When the next window begins, UTC; null if the account is never refilled.</summary>
    public DateTime? WindowEnds => Account.WindowDays is { } days ? DateTime.UnixEpoch.AddDays(Window + days) : null;

    /// <summary>Whether the account holds what a plan costs.</summary>
    public bool Holds(QueryPlan plan) => plan.Fits(LeftNanoRho, LeftAttoDelta);
}
