namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>GET /budget</c>.</summary>
/// <param name="AsOf">The public tick, UTC.</param>
/// <param name="Accounts">The datasets, the caller's department and the caller.</param>
/// <param name="Blocks">For datasets with a period unit: what each block has paid.</param>
/// <param name="Scopes">Lifetime loss of a person over all datasets of a subject scope.</param>
public sealed record BudgetDocument(
    DateTime AsOf,
    IReadOnlyList<AccountDocument> Accounts,
    IReadOnlyList<BlockSpendDocument> Blocks,
    IReadOnlyList<ScopeSpendDocument> Scopes);
