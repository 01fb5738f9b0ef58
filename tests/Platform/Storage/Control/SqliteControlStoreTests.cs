using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Control;

public sealed class SqliteControlStoreTests : ControlStoreContract
{
    private EmbeddedStores _stores = null!;

    [Fact]
    public async Task The_log_is_written_over_and_not_given_back_until_a_scrub_cuts_it()
    {
        const int Piece = 256 * 1024;
        FileInfo log = new(Path.Combine(_stores.Folder, "control.db-wal"));
        List<long> lengths = [];
        byte[] frame = RowFrame.Write([], [Rows.Row(1) with { Sealed = new byte[Piece] }]);
        for (int i = 0; i < 64; i++)
        {
            await Store.WriteAsync(tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, frame), Token);
            log.Refresh();
            lengths.Add(log.Length);
        }

        // Sixteen megabytes went through it. A piece more than it is folded in at, and what its frames take.
        Assert.InRange(lengths.Max(), SqliteConnections.CheckpointBytes, SqliteConnections.CheckpointBytes + (2 * Piece));
        Assert.InRange(lengths[^32..].Min(), SqliteConnections.CheckpointBytes - (2 * Piece), SqliteConnections.CheckpointBytes);
        await Store.ScrubAsync(Token);
        log.Refresh();
        Assert.Equal(0, log.Length);
    }

    protected override Task<IControlStore> OpenAsync()
    {
        _stores = new EmbeddedStores();
        return Task.FromResult(_stores.Control);
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();
}
