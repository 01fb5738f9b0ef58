using Opaline.Catalog;

namespace Opaline.Audit;

/// <summary>What to look for. All that is given must hold.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Actor">The exact actor, or null.</param>
/// <param name="Action">The exact action, or null.</param>
/// <param name="From">First instant, UTC, or null.</param>
/// <param name="To">First instant after, UTC, or null.</param>
/// <param name="Limit">Records per page, 1 to 1,000.</param>
/// <param name="Cursor">Where the page before ended, or null for the newest.</param>
public sealed record AuditFilter(
    Tenant Tenant,
    string? Actor = null,
    string? Action = null,
    DateTime? From = null,
    DateTime? To = null,
    int Limit = 100,
    string? Cursor = null);
