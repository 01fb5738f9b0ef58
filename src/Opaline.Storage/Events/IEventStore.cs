using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Protected rows, one table per dataset, read by aggregations only. DuckDB embedded, PostgreSQL on a server.</summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>The SQL that <see cref="AggregateAsync"/> runs.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The last inbox frame that has been moved into the event tables; 0 for none.</summary>
    long AppliedLsn { get; }

    /// <summary>Creates the dataset's table if it is not there and adds the columns of fields that have none yet. Idempotent.</summary>
    Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken);

    /// <summary>
    /// Moves frames into their tables in one transaction: stage, drop rows whose event key is already there, insert, record
    /// <see cref="AppliedLsn"/>. Frames come in LSN order; those at or below <see cref="AppliedLsn"/> are skipped.
    /// </summary>
    Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the rows of every window that is to be sealed as of a tick their contribution ordinals, and late rows of sealed windows theirs, in one
    /// transaction that depends on catalog, ticks and each subject's own rows alone. The settler calls it when it has settled what the tick shows, before it publishes it.
    /// Repeating a tick changes nothing.
    /// </summary>
    /// <param name="dataset">The dataset as it is now.</param>
    /// <param name="asOf">When the tick began, UTC.</param>
    /// <param name="visibleLsn">The last frame that the tick shows.</param>
    /// <param name="cancellationToken">Gives up and leaves everything as it was.</param>
    Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken);

    /// <summary>
    /// The instant up to which every window of the dataset is sealed as of the last public tick: each row before it that the tick shows has its ordinals.
    /// Durable, never decreases, and depends on ticks and the catalog alone. An instant before all rows before the first sealing, and for good once
    /// <see cref="Dataset.CanonicalDimension"/> is another than the one by which windows were ranked: ordinals of other groups bound nothing.
    /// </summary>
    Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken);

    /// <summary>
    /// Takes subjects out of the dataset's table in one transaction, as its <see cref="Dataset.ErasedRows"/> says; their numbers never come back. Nothing else takes rows
    /// away, so that a subject's ordinals go all together and none is given twice: what took some rows of a subject would have to remember their ordinals. Rows that are kept
    /// get event keys of their own and a random negative number, one per subject and dataset, that is written down nowhere else. The settler calls it between settling and
    /// publishing a tick. Repeating it changes nothing.
    /// </summary>
    Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the old content of rows that were deleted or changed before this call out of the datasets' files, as far as the engine lets us: DuckDB keeps it until a table is written
    /// anew and its old blocks are overwritten, which this does; PostgreSQL frees it, and its log keeps it until the server recycles it.
    /// </summary>
    Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one aggregation and returns its rows. Parameters are positional (<c>$1</c>, <c>$2</c>, …).
    /// Results are <see cref="long"/>, <see cref="System.Numerics.BigInteger"/> (every sum of 64-bit integers, and whatever is wider), <see cref="string"/>, <see cref="bool"/>, <see cref="DateTime"/> (UTC) or null.
    /// </summary>
    /// <exception cref="StorageFailureException">The engine failed, for whatever reason; its text is not passed on.</exception>
    Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken);
}
