#pragma warning disable CA1822
using Opaline.Access;

namespace Opaline.Analytics;

/// <summary>
/// Plans, charges, computes and releases. Every call writes one audit record, whatever its outcome, so its caller does not.
/// </summary>
public sealed class QueryService
{
    /// <summary>A dry run: plan, cost and balances without touching data or charging.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public Task<QueryPlanView> PlanAsync(Caller caller, Query query, CancellationToken cancellationToken) =>
        throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Not served yet.");

    /// <summary>Answers: from a release of the identical plan that is young enough, else by a new, charged one.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    /// <exception cref="BudgetExhaustedException">An account is short.</exception>
    /// <exception cref="EngineFailureException">The event store failed after the charge.</exception>
    public Task<Answer> AskAsync(Caller caller, Query query, AskOptions options, CancellationToken cancellationToken) =>
        throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Not served yet.");

    /// <summary>The newest release of the identical plan within its age, or null: what a caller without the right to spend may read.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public Task<Answer?> FindReleaseAsync(Caller caller, Query query, TimeSpan? maxAge, CancellationToken cancellationToken) =>
        throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Not served yet.");
}
