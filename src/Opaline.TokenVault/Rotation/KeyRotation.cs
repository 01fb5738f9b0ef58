using Opaline.Catalog;

namespace Opaline.TokenVault;

/// <summary>A rotation of a tenant's keys: its progress, and its report once it is done.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Tenant">Whose keys.</param>
/// <param name="FromVersion">The primary version when it was asked for.</param>
/// <param name="ToVersion">The version that it brings.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="RequestedBy">Who asked; <c>system</c> for the schedule.</param>
/// <param name="RequestedAt">When, UTC.</param>
/// <param name="FinishedAt">When everything that opens was under the new version, UTC.</param>
/// <param name="LastPage">The last page that is done.</param>
/// <param name="Pages">Pages wrapped anew.</param>
/// <param name="PagesAtStart">Pages there were when it was asked for.</param>
/// <param name="Holders">Values sealed anew.</param>
/// <param name="DamagedPages">Pages that do not open; they and what hangs on them were left as they are.</param>
/// <param name="DamagedKeys">Subject keys that do not open.</param>
/// <param name="DamagedHolders">Values that do not open.</param>
public sealed record KeyRotation(
    long Id,
    Tenant Tenant,
    int FromVersion,
    int ToVersion,
    RotationPhase Phase,
    string RequestedBy,
    DateTime RequestedAt,
    DateTime? FinishedAt,
    long LastPage,
    long Pages,
    long PagesAtStart,
    long Holders,
    long DamagedPages,
    long DamagedKeys,
    long DamagedHolders)
{
    /// <summary>Whether everything was found sound.</summary>
    public bool Whole => DamagedPages + DamagedKeys + DamagedHolders == 0;
}
