namespace Opaline.Storage;

/// <summary>Rows become a frame of the inbox, from which the settler moves them into the event store.</summary>
internal sealed class InboxIntake : IEventIntake
{
    public Task<Func<ControlTransaction, int>> ReceiveAsync(
        long datasetId, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows, DateTime receivedAt, CancellationToken cancellationToken)
    {
        byte[] frame = RowFrame.Write(columns, rows);
        return Task.FromResult<Func<ControlTransaction, int>>(transaction =>
        {
            InboxTable.Append(transaction, datasetId, receivedAt, frame);
            return rows.Count;
        });
    }

    public IReadOnlyList<Guid> KeysAfter(ControlTransaction transaction, IReadOnlyList<long> datasetIds, IReadOnlyCollection<long> subjects, long afterLsn)
    {
        HashSet<long> about = [.. subjects];
        IEnumerable<InboxFrame> frames = InboxTable.ReadBatch(transaction.Connection, afterLsn, long.MaxValue, long.MaxValue).Where(f => datasetIds.Contains(f.DatasetId));
        return [.. frames.SelectMany(f => RowFrame.Read(f.Rows).Rows).Where(r => about.Contains(r.Subject)).Select(r => r.EventKey)];
    }
}
