using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>An account with its limits.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Kind">Kind of account.</param>
/// <param name="Key">What the ledger knows it by: a dataset's number (so that versions and new names inherit), a department, a caller.</param>
/// <param name="Name">What people know it by.</param>
/// <param name="LimitNanoRho">ρ that a window holds.</param>
/// <param name="LimitAttoDelta">δ that a window holds.</param>
/// <param name="WindowDays">Length of a window; null: the account is never refilled.</param>
/// <param name="Blocks">Whether the account pays per block.</param>
internal sealed record Account(
    Tenant Tenant, AccountKind Kind, string Key, string Name, long LimitNanoRho, long LimitAttoDelta, int? WindowDays, bool Blocks)
{
    /// <summary>The kind of accounts that may have blocks.</summary>
    public const string DatasetKind = "dataset";

    /// <summary>The kind as the ledger stores it.</summary>
    public string KindText => Kind switch
    {
        AccountKind.Dataset => DatasetKind,
        AccountKind.Department => "department",
        AccountKind.Principal => "principal",
        _ => throw new InvalidOperationException("Unknown kind of account."),
    };
}
