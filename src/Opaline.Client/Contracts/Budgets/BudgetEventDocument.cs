namespace Opaline.Client.Contracts;

/// <summary>
/// An event of <c>GET /budget/events</c>. Its type is <c>account</c> or <c>heartbeat</c>. At the beginning every account comes as it stands, then each
/// again after a charge; charges that follow each other at once may come as one event.
/// </summary>
/// <param name="AsOf">The public tick, UTC.</param>
/// <param name="Account">The account as it stands; absent from a heartbeat.</param>
public sealed record BudgetEventDocument(DateTime AsOf, AccountDocument? Account = null);
