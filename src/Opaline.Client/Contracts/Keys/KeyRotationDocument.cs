namespace Opaline.Client.Contracts;

/// <summary>A rotation of keys: its progress, and its report once it is done.</summary>
/// <param name="Id">Its number.</param>
/// <param name="FromVersion">The primary version when it was asked for.</param>
/// <param name="ToVersion">The version that it brings.</param>
/// <param name="Phase"><c>requested</c>, <c>added</c>, <c>rewrapping</c> or <c>done</c>.</param>
/// <param name="RequestedBy">Who asked; <c>system</c> for the schedule.</param>
/// <param name="RequestedAt">When, UTC.</param>
/// <param name="FinishedAt">When everything that opens was under the new version, UTC.</param>
/// <param name="Pages">Pages of subject keys wrapped anew so far.</param>
/// <param name="PagesAtStart">Pages there were when it was asked for.</param>
/// <param name="Values">Values sealed anew so far.</param>
/// <param name="DamagedPages">Pages that do not open; left as they are.</param>
/// <param name="DamagedKeys">Subject keys that do not open.</param>
/// <param name="DamagedValues">Values that do not open.</param>
public sealed record KeyRotationDocument(
    long Id,
    int FromVersion,
    int ToVersion,
    string Phase,
    string RequestedBy,
    DateTime RequestedAt,
    DateTime? FinishedAt,
    long Pages,
    long PagesAtStart,
    long Values,
    long DamagedPages,
    long DamagedKeys,
    long DamagedValues);
