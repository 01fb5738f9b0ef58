#pragma warning disable CA1822
using Opaline.Access;

namespace Opaline.Analytics;

/// <summary>Reads accounts.</summary>
public sealed class BudgetService
{
    /// <summary>The tenant's datasets, the caller's department and the caller, in their current windows.</summary>
    public Task<BudgetView> ReadAsync(Caller caller, CancellationToken cancellationToken) =>
        throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Not served yet.");
}
