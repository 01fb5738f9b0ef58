namespace Opaline.Analytics;

/// <summary>What one who watches accounts is told.</summary>
/// <param name="AsOf">The public tick, UTC.</param>
/// <param name="Account">An account as it stands since it was charged; null: a sign of life.</param>
public sealed record BudgetChange(DateTime AsOf, AccountBalance? Account);
