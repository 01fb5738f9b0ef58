using Opaline.Catalog;

namespace Opaline.Audit;

/// <summary>One leaf of the log: who did what to what, and how it ended. Holds no raw identifier, no value, no true count.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Actor">The caller's id, or <c>anonymous</c> / <c>system</c>.</param>
/// <param name="Role">The caller's role, or null.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Object">What was acted on, such as <c>dataset/events</c>.</param>
/// <param name="Outcome"><c>ok</c>, or the stable code of the refusal.</param>
/// <param name="Detail">Public facts (plan, cost, counts of a batch) as a JSON object, or null.</param>
public sealed record AuditRecord(Tenant Tenant, string Actor, string? Role, string Action, string Object, string Outcome, string? Detail = null);
