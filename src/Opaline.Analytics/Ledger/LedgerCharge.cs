using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A charge of one account: a fact, never changed.</summary>
/// <param name="Tenant">Whose account.</param>
/// <param name="Kind">Kind of account as the ledger stores it.</param>
/// <param name="Key">The account.</param>
/// <param name="Window">The window that pays.</param>
/// <param name="Blocks">The blocks that pay.</param>
/// <param name="NanoRho">What each of them pays, ρ in billionths.</param>
/// <param name="AttoDelta">What each of them pays, δ in 1e-18.</param>
internal readonly record struct LedgerCharge(
    Tenant Tenant, string Kind, string Key, long Window, BlockInterval Blocks, long NanoRho, long AttoDelta);
