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

    private static readonly string Newest = $"""
        SELECT id, first_measure, measures FROM (
            {NewestOf("release", "id, CAST(NULL AS BIGINT) AS first_measure, CAST(NULL AS BIGINT) AS measures", "@p1")} UNION ALL
            {NewestOf("release", "id, CAST(NULL AS BIGINT) AS first_measure, CAST(NULL AS BIGINT) AS measures", "@p3")} UNION ALL
            {NewestOf("release_part", "release_id AS id, first_measure, measures", "@p1")} UNION ALL
            {NewestOf("release_part", "release_id AS id, first_measure, measures", "@p3")}) AS found
        ORDER BY as_of DESC, released_at DESC, voucher_id DESC LIMIT 1
        """;

    /// <summary>
    /// Where the answer is: in the newest release of the plan, or of the one that it was before its range was sealed, whose tick is not before <paramref name="notBefore"/>; null if there is
    /// none.
    /// </summary>
    public static Task<ReleasePlace?> FindNewestAsync(IControlStore store, QueryPlan plan, DateTime notBefore, CancellationToken cancellationToken) => store.QueryAsync(
        Newest,
        [plan.Dataset.Tenant.Value, plan.Hash.ToArray(), UnixMicros.From(notBefore), plan.NestedHash.ToArray()],
        reader => reader.Read()
            ? new ReleasePlace(reader.GetString(0), reader.IsDBNull(1) ? null : ((int)reader.GetInt64(1), (int)reader.GetInt64(2)))
            : null,
        cancellationToken);

    /// <summary>The tenant's releases of those ids, as many as there are.</summary>
    public static ImmutableDictionary<string, ReleasedAnswer> Find(DbConnection connection, Tenant tenant, ImmutableArray<string> ids)
    {
        ImmutableDictionary<string, ReleasedAnswer>.Builder found = ImmutableDictionary.CreateBuilder<string, ReleasedAnswer>(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            if (connection.Scalar("SELECT answer_json FROM release WHERE tenant = @p0 AND id = @p1", tenant.Value, id) is byte[] json)
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

    /// <summary>Stores a release and, of one of several questions, where each of them finds its part when it is asked alone.</summary>
    public static void Add(ControlTransaction transaction, JointPlan part, byte[] json, RollUpSource? source, DateTime releasedAt)
    {
        (QueryPlan plan, ReleasedAnswer answer, Voucher voucher) = (part.Plan, part.Release!, part.Voucher!);
        transaction.Enqueue(
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
        foreach (QueryPlan question in part.Questions.Length == 1 ? [] : part.Questions)
        {
            (int first, int count) = part.Place(question);
            transaction.Enqueue(
                """
                INSERT INTO release_part (tenant, plan_hash, as_of, released_at, voucher_id, release_id, first_measure, measures)
                VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)
                """,
                question.Dataset.Tenant.Value,
                question.Hash.ToArray(),
                UnixMicros.From(answer.AsOf),
                UnixMicros.From(releasedAt),
                voucher.Id,
                answer.ReleaseId,
                (long)first,
                (long)count);
        }
    }

    // Each finds its row at the end of an index, however many releases there are.
    private static string NewestOf(string table, string columns, string hash) =>
        $"SELECT * FROM (SELECT {columns}, as_of, released_at, voucher_id FROM {table} WHERE tenant = @p0 AND plan_hash = {hash} AND as_of >= @p2 "
        + "ORDER BY as_of DESC, released_at DESC, voucher_id DESC LIMIT 1) AS newest";
}
