using System.Text.Json;

namespace Opaline.Client.Contracts;

/// <summary>One record of the audit log.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who.</param>
/// <param name="Role">In which role.</param>
/// <param name="Action">Did what, such as <c>data_access</c>.</param>
/// <param name="Object">To what, such as <c>dataset/events</c>.</param>
/// <param name="Outcome"><c>ok</c> or the code of the refusal.</param>
/// <param name="Detail">Public facts as a JSON object, or null.</param>
public sealed record AuditRecordDocument(
    long Seq, DateTime At, string Actor, string? Role, string Action, string Object, string Outcome, JsonElement? Detail);
