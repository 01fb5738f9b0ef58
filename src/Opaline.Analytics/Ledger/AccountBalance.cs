using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>An account in its current window. Of a dataset with a period unit: its most spent block.</summary>
/// <param name="Kind">Kind of account.</param>
/// <param name="Name">Dataset, department or caller.</param>
/// <param name="LimitNanoRho">What the window holds, ρ in billionths.</param>
/// <param name="SpentNanoRho">What is spent of it.</param>
/// <param name="LimitAttoDelta">δ that the window holds, in 1e-18.</param>
/// <param name="SpentAttoDelta">What is spent of it.</param>
/// <param name="WindowEnds">When the next window begins, UTC; null if the account is never refilled.</param>
/// <param name="LifetimeNanoRho">Sum over all windows: a refill does not undo what was learnt.</param>
/// <param name="LifetimeAttoDelta">The same of δ, in 1e-18.</param>
/// <param name="LifetimeEpsilon">ε of the lifetime sum, rounded up: what was learnt is within (it, the configured δ and that of the lifetime together).</param>
/// <param name="LeftEpsilon">ε of what is left as one query at the configured δ.</param>
public sealed record AccountBalance(
    AccountKind Kind,
    string Name,
    long LimitNanoRho,
    long SpentNanoRho,
    long LimitAttoDelta,
    long SpentAttoDelta,
    DateTime? WindowEnds,
    long LifetimeNanoRho,
    long LifetimeAttoDelta,
    double LifetimeEpsilon,
    double LeftEpsilon)
{
    /// <summary>What is left, ρ in billionths.</summary>
    public long LeftNanoRho => Math.Max(0, LimitNanoRho - SpentNanoRho);

    /// <summary>What is left, δ in 1e-18.</summary>
    public long LeftAttoDelta => Math.Max(0, LimitAttoDelta - SpentAttoDelta);

    /// <summary>How long it holds; null where it was not asked for.</summary>
    public BudgetForecast? Forecast { get; init; }

    /// <summary>What was charged per day, the days on which anything was, in order; default where it was not asked for.</summary>
    public ImmutableArray<DaySpend> History { get; init; }
}
