using System.Collections.Immutable;
using System.Data.Common;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Released answers.</summary>
internal static class ReleaseTable
{
    // A question looks no further back, so that it stays quick whatever was asked before.
    private const int MostSources = 16;

    /// <summary>The newest release of the plan, or of the one that it was before its range was sealed, whose tick is not before <paramref name="notBefore"/>, or null.</summary>
    public static ReleasedAnswer? FindNewest(DbConnection connection, QueryPlan plan, DateTime notBefore) =>
        connection.Scalar(
            """
            SELECT answer_json FROM release
            WHERE tenant = @p0 AND plan_hash IN (@p1, @p3) AND as_of >= @p2
            ORDER BY as_of DESC, released_at DESC, voucher_id DESC LIMIT 1
            """,
            plan.Dataset.Tenant.Value,
            plan.Hash.ToArray(),
            UnixMicros.From(notBefore),
            plan.NestedHash.ToArray()) is string json
            ? ReleasedAnswer.Read(json)
            : null;

    /// <summary>The tenant's releases of those ids, as many as there are.</summary>
    public static ImmutableDictionary<string, ReleasedAnswer> Find(DbConnection connection, Tenant tenant, ImmutableArray<string> ids)
    {
        ImmutableDictionary<string, ReleasedAnswer>.Builder found = ImmutableDictionary.CreateBuilder<string, ReleasedAnswer>(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            if (connection.Scalar("SELECT answer_json FROM release WHERE tenant = @p0 AND id = @p1", tenant.Value, id) is string json)
                found.Add(id, ReleasedAnswer.Read(json));
        }

        return found.ToImmutable();
    }

    /// <summary>The newest releases of a plan's frame that can be added up further.</summary>
    public static List<(string Id, RollUpSource Source)> Sources(DbConnection connection, QueryPlan plan, DateTime notBefore)
    {
        using DbCommand command = connection.Command(
            """
            SELECT id, source_json FROM release
            WHERE tenant = @p0 AND frame = @p1 AND as_of >= @p2
            ORDER BY as_of DESC, released_at DESC, voucher_id DESC LIMIT @p3
            """,
            plan.Dataset.Tenant.Value,
            PlanBytes.Frame(plan).ToArray(),
            UnixMicros.From(notBefore),
            (long)MostSources);
        using DbDataReader reader = command.ExecuteReader();
        List<(string, RollUpSource)> sources = [];
        while (reader.Read())
            sources.Add((reader.GetString(0), RollUpSource.Read(reader.GetString(1))));
        return sources;
    }

    /// <summary>Stores a release.</summary>
    public static void Add(ControlTransaction transaction, QueryPlan plan, ReleasedAnswer answer, string json, DateTime releasedAt, Voucher voucher)
    {
        RollUpSource? source = RollUpSource.Of(plan);
        transaction.Execute(
            """
            INSERT INTO release (id, tenant, plan_hash, dataset_id, tick, as_of, answer_json, released_at, voucher_id, frame, source_json)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            answer.ReleaseId,
            plan.Dataset.Tenant.Value,
            plan.Hash.ToArray(),
            plan.Dataset.Id,
            answer.Epoch,
            UnixMicros.From(answer.AsOf),
            json,
            UnixMicros.From(releasedAt),
            voucher.Id,
            source is null ? null : PlanBytes.Frame(plan).ToArray(),
            source?.Write());
    }
}
