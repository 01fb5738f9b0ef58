namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>GET /budget</c>.</summary>
/// <param name="Accounts">The accounts that the caller's questions are charged to.</param>
public sealed record BudgetDocument(IReadOnlyList<AccountDocument> Accounts);
