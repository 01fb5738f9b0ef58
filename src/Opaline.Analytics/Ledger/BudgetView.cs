using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>The accounts that a caller may see.</summary>
/// <param name="AsOf">The public tick, UTC.</param>
/// <param name="Accounts">The tenant's datasets, the caller's department and the caller.</param>
/// <param name="Blocks">For datasets with a period unit: what each block has paid in the current window.</param>
/// <param name="Scopes">Lifetime loss of a subject over all datasets that share its scope.</param>
public sealed record BudgetView(
    DateTime AsOf, ImmutableArray<AccountBalance> Accounts, ImmutableArray<BlockSpend> Blocks, ImmutableArray<ScopeSpend> Scopes);
