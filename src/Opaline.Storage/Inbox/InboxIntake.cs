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
}
