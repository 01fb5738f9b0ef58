using System.Data.Common;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Live counters: that one is paid for, what its steps saw, and its noisy blocks. A step that nobody looked at has no row, and what arrived in it is seen by
/// the next one that has; steps are recorded in order only, so what a block adds up is settled before it is told.
/// </summary>
internal static class LiveTable
{
    /// <summary>Whether the counter was paid for.</summary>
    public static bool IsOpen(DbConnection connection, QueryPlan counter) =>
        connection.Scalar("SELECT voucher_id FROM live_counter WHERE counter = @p0", counter.Hash.ToArray()) is not null;

    /// <summary>Notes that the counter is paid for.</summary>
    public static void Open(ControlTransaction transaction, QueryPlan counter, Voucher voucher) => transaction.Execute(
        "INSERT INTO live_counter (counter, tenant, dataset_id, voucher_id) VALUES (@p0, @p1, @p2, @p3)",
        counter.Hash.ToArray(),
        counter.Dataset.Tenant.Value,
        counter.Dataset.Id,
        voucher.Id);

    /// <summary>The last recorded step that is not after <paramref name="step"/>; null if there is none.</summary>
    public static LiveStep? Step(DbConnection connection, QueryPlan counter, int step)
    {
        using DbCommand command = connection.Command(
            "SELECT step, lsn, as_of FROM live_step WHERE counter = @p0 AND step <= @p1 ORDER BY step DESC LIMIT 1", counter.Hash.ToArray(), (long)step);
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? new LiveStep((int)reader.GetInt64(0), reader.GetInt64(1), UnixMicros.ToDateTime(reader.GetInt64(2))) : null;
    }

    /// <summary>Records what a step sees, unless it or a later one is recorded already; returns the last recorded one.</summary>
    public static LiveStep Record(ControlTransaction transaction, QueryPlan counter, LiveStep step)
    {
        if (Step(transaction.Connection, counter, int.MaxValue) is { } last && (last.Number >= step.Number || last.VisibleLsn > step.VisibleLsn))
            return last;
        transaction.Execute(
            "INSERT INTO live_step (counter, step, lsn, as_of) VALUES (@p0, @p1, @p2, @p3)",
            counter.Hash.ToArray(),
            (long)step.Number,
            step.VisibleLsn,
            UnixMicros.From(step.AsOf));
        return step;
    }

    /// <summary>The noisy sum of a block; null if it was not told yet.</summary>
    public static long? Node(DbConnection connection, QueryPlan counter, LiveNode node) => connection.Scalar(
        "SELECT noisy FROM live_node WHERE counter = @p0 AND level = @p1 AND place = @p2", counter.Hash.ToArray(), (long)node.Level, (long)node.Place) is { } noisy
        ? Convert.ToInt64(noisy, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>Stores the noisy sum of a block, unless there is one; each is drawn once, whoever was first.</summary>
    public static void Add(ControlTransaction transaction, QueryPlan counter, LiveNode node, long noisy) => transaction.Execute(
        "INSERT INTO live_node (counter, level, place, noisy) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT (counter, level, place) DO NOTHING",
        counter.Hash.ToArray(),
        (long)node.Level,
        (long)node.Place,
        noisy);
}
