namespace Opaline.Storage;

/// <summary>
/// How accepted rows become durable: as an inbox frame that is settled later (embedded), or in their table at once (PostgreSQL). Either way in
/// the transaction that stores their dictionary entries and their audit record.
/// </summary>
public interface IEventIntake
{
    /// <summary>
    /// Does what can be done before the transaction, and returns the work to call inside it, which returns how many rows are left to be
    /// settled.
    /// </summary>
    /// <param name="datasetId">Whose rows.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="rows">The rows, with one value per column.</param>
    /// <param name="receivedAt">When they came, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageFailureException">The store cannot take them.</exception>
    Task<Func<ControlTransaction, int>> ReceiveAsync(
        long datasetId, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows, DateTime receivedAt, CancellationToken cancellationToken);

    /// <summary>The event keys of subjects' rows that the transaction sees and that became durable after a frame.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="datasetIds">Whose rows; their tables are there.</param>
    /// <param name="subjects">About whom.</param>
    /// <param name="afterLsn"><see cref="IEventStore.AppliedLsn"/>: the rows of frames up to it are in the event store.</param>
    IReadOnlyList<Guid> KeysAfter(ControlTransaction transaction, IReadOnlyList<long> datasetIds, IReadOnlyCollection<long> subjects, long afterLsn);
}
