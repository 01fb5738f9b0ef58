namespace Opaline.Analytics;

/// <summary>An account does not hold what the plan costs. The event store was not touched; nothing was charged.</summary>
/// <param name="detail">What is left, where, and when more comes; safe to show.</param>
/// <param name="account">The account that is short.</param>
/// <param name="costNanoRho">What the plan costs.</param>
public sealed class BudgetExhaustedException(string detail, AccountBalance account, long costNanoRho) : Exception(detail)
{
    /// <summary>The stable code.</summary>
    public const string Code = "budget_exhausted";

    /// <summary>The account that is short.</summary>
    public AccountBalance Account { get; } = account;

    /// <summary>What the plan costs, ρ in billionths.</summary>
    public long CostNanoRho { get; } = costNanoRho;

    /// <summary>When more comes, UTC; null if the account is never refilled.</summary>
    public DateTime? MoreAt => Account.WindowEnds;
}
