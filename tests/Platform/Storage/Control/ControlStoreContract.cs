using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Control;

/// <summary>What every control store promises. A store plugs in by opening itself on an empty database.</summary>
public abstract class ControlStoreContract : IAsyncLifetime
{
    protected IControlStore Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_write_is_seen_by_every_read_after_it()
    {
        await WriteAsync("a");
        Assert.Equal(1, await CountAsync("a"));
    }

    [Fact]
    public async Task A_work_that_throws_undoes_only_itself_and_only_its_caller_hears_of_it()
    {
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => Task.Run(
            () => Store.WriteAsync(
                tx =>
                {
                    Put(tx, $"key-{i}");
                    return i == 42 ? throw new InvalidOperationException("forty-two") : true;
                },
                Token)))];
        for (int i = 0; i < writes.Length; i++)
        {
            if (i == 42)
                Assert.Equal("forty-two", (await Assert.ThrowsAsync<InvalidOperationException>(() => writes[i])).Message);
            else
                await writes[i];
        }

        Assert.False(Store.Failed);
        Assert.Equal(99, await CountAllAsync());
        Assert.Equal(0, await CountAsync("key-42"));
    }

    [Fact]
    public async Task A_refused_statement_is_told_without_the_engines_text()
    {
        await WriteAsync("secret@example.com");
        StorageFailureException refusal = await Assert.ThrowsAsync<StorageFailureException>(() => Store.WriteAsync(
            tx => tx.Execute(
                "INSERT INTO idempotency (tenant, source, idempotency_key, body_hash, received_at) VALUES ('t', 's', @p0, @p1, 0)",
                "secret@example.com",
                new byte[1]),
            Token));
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("UNIQUE", refusal.ToString(), StringComparison.OrdinalIgnoreCase);
        await WriteAsync("next");
    }

    [Fact]
    public async Task What_was_committed_is_published_before_the_writer_goes_on_and_never_when_undone()
    {
        List<string> published = [];
        await Store.WriteAsync(
            tx =>
            {
                tx.OnCommitted(() => published.Add("good"));
                return true;
            },
            Token);
        Assert.Equal(["good"], published);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync<bool>(
            tx =>
            {
                tx.OnCommitted(() => published.Add("bad"));
                throw new InvalidOperationException();
            },
            Token));
        Assert.Equal(["good"], published);
    }

    [Fact]
    public async Task A_statement_that_waits_and_fails_undoes_its_work_alone_and_is_told_without_the_engines_text()
    {
        await WriteAsync("secret@example.com");
        List<int> published = [];
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => Task.Run(() => Store.WriteAsync(
            tx =>
            {
                tx.OnCommitted(() => published.Add(i));
                Enqueue(tx, $"key-{i}");
                Enqueue(tx, i % 10 == 7 ? "secret@example.com" : $"again-{i}");
                return true;
            },
            Token)))];
        for (int i = 0; i < writes.Length; i++)
        {
            if (i % 10 == 7)
                Assert.DoesNotContain("secret", (await Assert.ThrowsAsync<StorageFailureException>(() => writes[i])).ToString(), StringComparison.Ordinal);
            else
                await writes[i];
        }

        Assert.False(Store.Failed);
        Assert.Equal(90, published.Distinct().Count());
        Assert.DoesNotContain(published, i => i % 10 == 7);
        Assert.Equal(1 + (2 * 90), await CountAllAsync());
    }

    [Fact]
    public async Task A_lone_work_whose_statement_fails_with_the_commit_stores_nothing_and_the_next_does()
    {
        await WriteAsync("there");
        await Assert.ThrowsAsync<StorageFailureException>(() => Store.WriteAsync(
            tx =>
            {
                Enqueue(tx, "new");
                Enqueue(tx, "there");
                Enqueue(tx, "newer");
                return true;
            },
            Token));
        Assert.Equal(1, await CountAllAsync());
        await WriteAsync("next");
        Assert.Equal(2, await CountAllAsync());
    }

    [Fact]
    public async Task A_work_sees_what_it_let_wait_however_much_that_is()
    {
        const int Many = 1_000;
        long seen = await Store.WriteAsync(
            tx =>
            {
                for (int i = 0; i < Many; i++)
                    Enqueue(tx, $"key-{i}");
                return (long)tx.Connection.Scalar("SELECT COUNT(*) FROM idempotency")!;
            },
            Token);
        Assert.Equal(Many, seen);
        Assert.Equal(Many, await CountAllAsync());
    }

    [Fact]
    public async Task All_statements_of_one_query_see_one_snapshot()
    {
        await WriteAsync("before");
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim written = new();
        Task<(long, long)> reading = Task.Run(() => Store.QueryAsync(
            "SELECT COUNT(*) FROM idempotency WHERE source = @p0; SELECT COUNT(*) FROM idempotency WHERE source = @p0;",
            ["s"],
            reader =>
            {
                reader.Read();
                long first = reader.GetInt64(0);
                begun.Set();
                written.Wait(Token);
                reader.NextResult();
                reader.Read();
                return (first, reader.GetInt64(0));
            },
            Token));
        begun.Wait(Token);
        await WriteAsync("meanwhile");
        written.Set();
        Assert.Equal((1L, 1L), await reading);
        Assert.Equal(2L, await Store.QueryAsync("SELECT COUNT(*) FROM idempotency", [], reader => reader.Read() ? reader.GetInt64(0) : 0, Token));
    }

    [Fact]
    public async Task A_query_cannot_write()
    {
        await Assert.ThrowsAsync<StorageFailureException>(() => Store.QueryAsync("DELETE FROM idempotency", [], _ => true, Token));
        await WriteAsync("still");
        Assert.Equal(1, await CountAllAsync());
    }

    [Fact]
    public async Task Works_of_one_group_see_each_other_in_order()
    {
        int[] seen = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Store.WriteAsync(
            tx =>
            {
                Put(tx, $"key-{i}");
                return Convert.ToInt32(tx.Connection.Scalar("SELECT COUNT(*) FROM idempotency"), System.Globalization.CultureInfo.InvariantCulture);
            },
            Token)));
        Assert.Equal(Enumerable.Range(1, 200), seen.Order());
    }

    [Fact]
    public async Task A_read_sees_one_snapshot_while_writers_go_on()
    {
        await WriteAsync("before");
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim written = new();
        Task<(long, long)> reading = Task.Run(() => Store.ReadAsync(
            connection =>
            {
                long first = (long)connection.Scalar("SELECT COUNT(*) FROM idempotency")!;
                begun.Set();
                written.Wait(Token);
                return (first, (long)connection.Scalar("SELECT COUNT(*) FROM idempotency")!);
            },
            Token));
        begun.Wait(Token);
        await WriteAsync("meanwhile");
        written.Set();
        Assert.Equal((1L, 1L), await reading);
        Assert.Equal(2, await CountAllAsync());
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await Assert.ThrowsAsync<StorageFailureException>(() => Store.ReadAsync(
            connection =>
            {
                using System.Data.Common.DbCommand command = connection.Command("DELETE FROM idempotency");
                return command.ExecuteNonQuery();
            },
            Token));
        await WriteAsync("still");
        Assert.Equal(1, await CountAllAsync());
    }

    [Fact]
    public async Task A_write_given_up_before_it_began_does_nothing()
    {
        using CancellationTokenSource source = new();
        using ManualResetEventSlim hold = new();
        using ManualResetEventSlim begun = new();
        Task blocker = Task.Run(() => Store.WriteAsync(
            tx =>
            {
                begun.Set();
                hold.Wait(Token);
                return true;
            },
            Token));
        begun.Wait(Token);
        Task<bool> given = Store.WriteAsync(tx => Put(tx, "never"), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        hold.Set();
        await blocker;
        await WriteAsync("later");
        Assert.Equal(0, await CountAsync("never"));
    }

    protected abstract Task<IControlStore> OpenAsync();

    protected abstract Task CloseAsync();

    protected static bool Put(ControlTransaction transaction, string key) =>
        transaction.Execute("INSERT INTO idempotency (tenant, source, idempotency_key, body_hash, received_at) VALUES ('t', 's', @p0, @p1, 0)", key, new byte[1]) == 1;

    protected Task WriteAsync(string key) => Store.WriteAsync(tx => Put(tx, key), Token);

    protected Task<long> CountAsync(string key) =>
        Store.ReadAsync(c => (long)c.Scalar("SELECT COUNT(*) FROM idempotency WHERE idempotency_key = @p0", key)!, Token);

    protected Task<long> CountAllAsync() => Store.ReadAsync(c => (long)c.Scalar("SELECT COUNT(*) FROM idempotency")!, Token);

    private static void Enqueue(ControlTransaction transaction, string key) =>
        transaction.Enqueue("INSERT INTO idempotency (tenant, source, idempotency_key, body_hash, received_at) VALUES ('t', 's', @p0, @p1, 0)", key, new byte[1]);
}
