using System.Data.Common;

namespace Opaline.Storage;

/// <summary>
/// Accepted batches on their way to the event store. A frame is written in the transaction that makes its batch durable, and deleted
/// once the event store has committed it.
/// </summary>
public static class InboxTable
{
    /// <summary>Adds a frame and returns its LSN.</summary>
    /// <param name="transaction">The transaction that the batch becomes durable with.</param>
    /// <param name="datasetId">Whose rows.</param>
    /// <param name="receivedAt">When they came, UTC.</param>
    /// <param name="rows">The rows in the form of <see cref="RowFrame"/>.</param>
    public static long Append(ControlTransaction transaction, long datasetId, DateTime receivedAt, byte[] rows)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection.Number(
            "INSERT INTO inbox (dataset_id, received_at, row_count, rows) VALUES (@p0, @p1, @p2, @p3) RETURNING lsn",
            datasetId,
            UnixMicros.From(receivedAt),
            RowFrame.Count(rows),
            rows)!.Value;
    }

    /// <summary>
    /// Frames after <paramref name="afterLsn"/> up to <paramref name="throughLsn"/> in order: as many as have at most
    /// <paramref name="maxRows"/> rows together, but at least one if there is any.
    /// </summary>
    public static IReadOnlyList<InboxFrame> ReadBatch(DbConnection connection, long afterLsn, long throughLsn, long maxRows)
    {
        using DbCommand command = connection.Command(
            "SELECT lsn, dataset_id, row_count, rows FROM inbox WHERE lsn > @p0 AND lsn <= @p1 ORDER BY lsn", afterLsn, throughLsn);
        using DbDataReader reader = command.ExecuteReader();
        List<InboxFrame> frames = [];
        long count = 0;
        while (reader.Read())
        {
            count += reader.GetInt64(2);
            if (frames.Count > 0 && count > maxRows)
                break;
            frames.Add(new InboxFrame(reader.GetInt64(0), reader.GetInt64(1), (byte[])reader.GetValue(3)));
        }

        return frames;
    }

    /// <summary>The LSN of the last durable frame, settled or not; 0 for none.</summary>
    public static long LastLsn(DbConnection connection) => connection.Number(
        "SELECT CASE WHEN frames.last > mark.deleted_through THEN frames.last ELSE mark.deleted_through END FROM (SELECT COALESCE(MAX(lsn), 0) AS last FROM inbox) frames CROSS JOIN inbox_mark mark")!.Value;

    /// <summary>How many rows wait.</summary>
    public static long WaitingRows(DbConnection connection) => connection.Number("SELECT COALESCE(SUM(row_count), 0) FROM inbox")!.Value;

    /// <summary>
    /// Forgets the frames up to and including the LSN. Call it only after the event store has committed them: it is remembered, and an
    /// event store that lies behind it is refused at the next start.
    /// </summary>
    public static void DeleteThrough(ControlTransaction transaction, long lsn)
    {
        transaction.Execute("DELETE FROM inbox WHERE lsn <= @p0", lsn);
        transaction.Execute("UPDATE inbox_mark SET deleted_through = @p0 WHERE deleted_through < @p0", lsn);
    }

    /// <summary>The highest LSN whose frame has been forgotten.</summary>
    internal static long DeletedThrough(DbConnection connection) => connection.Number("SELECT deleted_through FROM inbox_mark")!.Value;
}
