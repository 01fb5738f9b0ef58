namespace Opaline.Analytics;

/// <summary>An account does not hold what the plan costs. The event store was not touched; nothing was charged.</summary>
/// <param name="detail">What is left, where, what would fit and when more comes; safe to show.</param>
/// <param name="account">The account that is short.</param>
public sealed class BudgetExhaustedException(string detail, AccountBalance account) : Exception(detail)
{
    /// <summary>The stable code.</summary>
    public const string Code = "budget_exhausted";

    /// <summary>The account that is short; the first, if there are more.</summary>
    public AccountBalance Account { get; } = account;

    /// <summary>The largest ρ that every account holds now, in billionths.</summary>
    public required long LargestNanoRho { get; init; }

    /// <summary>The largest ε with which every account holds the identical question now; null if there is none.</summary>
    public required double? LargestEpsilon { get; init; }

    /// <summary>The δ that goes with <see cref="LargestEpsilon"/>; null where the question's own does.</summary>
    public required double? LargestDelta { get; init; }

    /// <summary>When the accounts that are short have all been refilled, UTC; null if one of them never is.</summary>
    public required DateTime? MoreAt { get; init; }
}
