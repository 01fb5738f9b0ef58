using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Inbox;

public sealed class InboxTableTests : IAsyncDisposable
{
    private static readonly DateTime Now = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly EmbeddedStores _stores = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lsns_grow_in_commit_order_without_gaps_even_when_a_work_is_undone()
    {
        Assert.Equal(0, await LastAsync());
        Assert.Equal(1, await AppendAsync(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stores.Control.WriteAsync<bool>(
            tx =>
            {
                InboxTable.Append(tx, 1, Now, Frame(1));
                throw new InvalidOperationException();
            },
            Token));
        Assert.Equal(2, await AppendAsync(1));
        Assert.Equal(2, await LastAsync());
    }

    [Fact]
    public async Task A_batch_has_at_most_the_rows_asked_for_but_at_least_one_frame()
    {
        foreach (int rows in (int[])[5, 3, 4, 1])
            await AppendAsync(rows);
        Assert.Equal([1L, 2L], await ReadAsync(0, 10, 8));
        Assert.Equal([1L], await ReadAsync(0, 10, 1));
        Assert.Equal([3L, 4L], await ReadAsync(2, 10, 100));
        Assert.Equal([3L], await ReadAsync(2, 3, 100));
        Assert.Empty(await ReadAsync(4, 10, 100));
        Assert.Equal(13, await _stores.Control.ReadAsync(InboxTable.WaitingRows, Token));
    }

    [Fact]
    public async Task Forgotten_frames_are_gone_and_their_numbers_are_never_used_again()
    {
        await AppendAsync(1);
        await AppendAsync(1);
        await _stores.Control.WriteAsync(
            tx =>
            {
                InboxTable.DeleteThrough(tx, 2);
                InboxTable.DeleteThrough(tx, 1);
                return true;
            },
            Token);
        Assert.Empty(await ReadAsync(0, 10, 100));
        Assert.Equal(2, await LastAsync());
        Assert.Equal(3, await AppendAsync(1));
    }

    [Fact]
    public async Task What_is_not_a_frame_does_not_get_in()
    {
        await Assert.ThrowsAsync<StorageFailureException>(() => _stores.Control.WriteAsync(tx => InboxTable.Append(tx, 1, Now, [1, 2, 3]), Token));
        Assert.Equal(0, await LastAsync());
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private static byte[] Frame(int rows) => RowFrame.Write([], [.. Enumerable.Range(0, rows).Select(i => Rows.Row(i))]);

    private Task<long> AppendAsync(int rows) => _stores.Control.WriteAsync(tx => InboxTable.Append(tx, 1, Now, Frame(rows)), Token);

    private Task<long> LastAsync() => _stores.Control.ReadAsync(InboxTable.LastLsn, Token);

    private async Task<IEnumerable<long>> ReadAsync(long after, long through, long rows) =>
        (await _stores.Control.ReadAsync(c => InboxTable.ReadBatch(c, after, through, rows), Token)).Select(f => f.Lsn);
}
