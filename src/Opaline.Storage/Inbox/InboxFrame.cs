namespace Opaline.Storage;

/// <summary>The protected rows of one accepted batch on their way from the inbox to the event store.</summary>
/// <param name="Lsn">Position in the inbox, from 1, strictly increasing in commit order.</param>
/// <param name="DatasetId">Whose table.</param>
/// <param name="Rows">The rows in the binary form of RowFrame.</param>
public sealed record InboxFrame(long Lsn, long DatasetId, ReadOnlyMemory<byte> Rows);
