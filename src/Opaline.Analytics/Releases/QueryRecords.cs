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

    /// <summary>What a query is about; a name that no dataset can have is not repeated.</summary>
    public static string Target(Query query) => DatasetRules.IsDatasetName(query.Dataset) ? $"dataset/{query.Dataset}" : "dataset";

    /// <summary>What a plan is about.</summary>
    public static string Target(QueryPlan plan) => $"dataset/{plan.Dataset.Name}";

    /// <summary>A charge. Only here stands what was charged, so that a sum over the log is the spend.</summary>
    public static AuditRecord Charge(Caller caller, QueryPlan plan, long voucher) => CallerRecord.Of(
        caller,
        AuditActions.BudgetCharge,
        $"dataset/{plan.Dataset.Name}",
        "ok",
        JsonSerializer.Serialize(new { plan_hash = plan.HashText, voucher, charged_nano_rho = plan.Cost.Value, charged_atto_delta = (long)plan.DeltaCost.Value }));

    /// <summary>A question whose engine failed, or whose charge another call has used meanwhile.</summary>
    public static AuditRecord Failure(Caller caller, QueryPlan plan, string? text) =>
        CallerRecord.Of(caller, AuditActions.DataAccess, Target(plan), EngineFailureException.Code, Detail(plan, text));

    /// <summary>The facts of a plan.</summary>
    public static string Detail(QueryPlan plan, string? text) => Write(
        new
        {
            plan_hash = plan.HashText,
            plan = PlanOutline.Of(plan),
            cost_nano_rho = plan.Cost.Value,
            cost_atto_delta = (long)plan.DeltaCost.Value,
            sql = Cut(text),
        });

    /// <summary>What is known of a query without a plan, or null.</summary>
    public static string? Refusal(string? text) => text is null ? null : Write(new { sql = Cut(text) });

    /// <summary>The facts of a release; the commitment shows later what was released, without telling it now.</summary>
    public static string Detail(QueryPlan plan, ReleasedAnswer answer, byte[] json, Voucher voucher, string? text) => Write(
        new
        {
            plan_hash = plan.HashText,
            plan = PlanOutline.Of(plan),
            cost_nano_rho = plan.Cost.Value,
            cost_atto_delta = (long)plan.DeltaCost.Value,
            voucher = voucher.Id,
            release_id = answer.ReleaseId,
            epoch = answer.Epoch,
            commitment = Convert.ToHexStringLower(SHA256.HashData(json)),
            sql = Cut(text),
        });

    /// <summary>The facts of a replay, or of an answer that was added up from a release.</summary>
    public static string Replay(QueryPlan plan, ReleasedAnswer answer, bool rolledUp, string? text) => Write(
        new { plan_hash = plan.HashText, release_id = answer.ReleaseId, epoch = answer.Epoch, rolled_up = rolledUp, sql = Cut(text) });

    /// <summary>The facts of a look at a live counter. What it costs stands with its charge.</summary>
    public static string Live(QueryPlan counter) => Write(new { plan_hash = counter.HashText, plan = PlanOutline.Of(counter), live = true });

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] + "…" : text;

    private static string Write<T>(T facts) => JsonSerializer.Serialize(facts, Compact);
}
