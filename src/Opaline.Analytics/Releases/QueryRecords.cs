using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Audit records of questions: plan, cost and a commitment to the release. No filter value, no count, no answer.</summary>
internal static class QueryRecords
{
    public static AuditRecord Of(Caller caller, string action, string target, string outcome, string? detail = null) =>
        new(caller.Tenant, caller.Id, caller.Role.ToString().ToLowerInvariant(), action, target, outcome, detail);

    /// <summary>What a query is about; a name that no dataset can have is not repeated.</summary>
    public static string Target(Query query) => DatasetRules.IsDatasetName(query.Dataset) ? $"dataset/{query.Dataset}" : "dataset";

    /// <summary>The facts of a plan.</summary>
    public static string Detail(QueryPlan plan) => JsonSerializer.Serialize(
        new { plan_hash = plan.HashText, nano_rho = plan.Cost.Value, atto_delta = (long)plan.DeltaCost.Value });

    /// <summary>The facts of a release; the commitment shows later what was released, without telling it now.</summary>
    public static string Detail(QueryPlan plan, ReleasedAnswer answer, string json, bool charged) => JsonSerializer.Serialize(
        new
        {
            plan_hash = plan.HashText,
            nano_rho = charged ? plan.Cost.Value : 0,
            atto_delta = charged ? (long)plan.DeltaCost.Value : 0,
            release_id = answer.ReleaseId,
            epoch = answer.Epoch,
            commitment = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))),
        });

    /// <summary>The facts of a replay.</summary>
    public static string Replay(QueryPlan plan, ReleasedAnswer answer) => JsonSerializer.Serialize(
        new { plan_hash = plan.HashText, nano_rho = 0, release_id = answer.ReleaseId, epoch = answer.Epoch });
}
