using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Audit records of questions: plan, cost and a commitment to the release; of SQL its text without literals. No filter value, no count, no answer.</summary>
internal static class QueryRecords
{
    // Escaping makes at most six characters of one, so that a detail always fits into the log: it is written when the charge can no longer be taken back.
    private const int MaxText = 8_000;

    // A log is no page, so that only what JSON itself needs is escaped.
    private static readonly JsonSerializerOptions Compact = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>SQL that was refused while it was read.</summary>
    public static AuditRecord Refusal(Caller caller, string action, QueryRefusedException refusal) =>
        CallerRecord.Of(caller, action, "dataset", refusal.Code, Sql(refusal.Text));

    /// <summary>A query that was not answered, whatever its plan; a name that no dataset can have is not repeated.</summary>
    public static AuditRecord Refusal(Caller caller, string action, Query query, string code) =>
        CallerRecord.Of(caller, action, DatasetRules.IsDatasetName(query.Dataset) ? $"dataset/{query.Dataset}" : "dataset", code, Sql(query.Text));

    /// <summary>A charge. Only here stands what was charged, so that a sum over the log is the spend.</summary>
    public static AuditRecord Charge(Caller caller, QueryPlan plan, long voucher) => Of(
        caller,
        AuditActions.BudgetCharge,
        plan,
        "ok",
        new { plan_hash = plan.HashText, voucher, charged_nano_rho = plan.Cost.Value, charged_atto_delta = plan.AttoDelta });

    /// <summary>A plan of which nothing was told but itself: a dry run, or a question without an answer.</summary>
    public static AuditRecord Planned(Caller caller, string action, JointPlan part, string outcome) => Of(
        caller,
        action,
        part.Plan,
        outcome,
        new
        {
            plan_hash = part.Plan.HashText,
            plan = PlanOutline.Of(part.Plan),
            cost_nano_rho = part.Plan.Cost.Value,
            cost_atto_delta = part.Plan.AttoDelta,
            sql = Cut(part.Text),
        });

    /// <summary>A release; the commitment shows later what was released, without telling it now.</summary>
    /// <param name="caller">Who asked.</param>
    /// <param name="part">What was released, and under which voucher.</param>
    /// <param name="json">The release as it is stored.</param>
    public static AuditRecord Release(Caller caller, JointPlan part, byte[] json) => Of(
        caller,
        AuditActions.DataAccess,
        part.Plan,
        "ok",
        new
        {
            plan_hash = part.Plan.HashText,
            plan = PlanOutline.Of(part.Plan),
            cost_nano_rho = part.Plan.Cost.Value,
            cost_atto_delta = part.Plan.AttoDelta,
            voucher = part.Voucher!.Id,
            release_id = part.Release!.ReleaseId,
            epoch = part.Release.Epoch,
            commitment = Convert.ToHexStringLower(SHA256.HashData(json)),
            sql = Cut(part.Text),
        });

    /// <summary>A replay, or an answer that was added up from a release.</summary>
    public static AuditRecord Replay(Caller caller, JointPlan part) => Of(
        caller,
        AuditActions.DataAccess,
        part.Plan,
        "ok",
        new
        {
            plan_hash = part.Plan.HashText,
            release_id = part.Release!.ReleaseId,
            epoch = part.Release.Epoch,
            rolled_up = part.RolledUpFrom is not null,
            sql = Cut(part.Text),
        });

    /// <summary>A look at a live counter. What it costs stands with its charge.</summary>
    public static AuditRecord Live(Caller caller, QueryPlan counter, string outcome) => Of(
        caller, AuditActions.DataAccess, counter, outcome, new { plan_hash = counter.HashText, plan = PlanOutline.Of(counter), live = true });

    private static AuditRecord Of<T>(Caller caller, string action, QueryPlan plan, string outcome, T facts) =>
        CallerRecord.Of(caller, action, $"dataset/{plan.Dataset.Name}", outcome, JsonSerializer.Serialize(facts, Compact));

    private static string? Sql(string? text) => text is null ? null : JsonSerializer.Serialize(new { sql = Cut(text) }, Compact);

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] + "…" : text;
}
