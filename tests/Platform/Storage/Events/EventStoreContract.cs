using System.Numerics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

/// <summary>What every event store promises. A store plugs in by opening itself on an empty database.</summary>
public abstract class EventStoreContract : IAsyncLifetime
{
    private const long DatasetId = 7;
    private static readonly FrameColumn[] NoColumns = [];

    protected IEventStore Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Table => EventTable.Name(DatasetId);

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Values_of_every_type_come_back_from_the_table_as_they_went_into_the_frame()
    {
        FrameColumn[] columns = [.. Enum.GetValues<StoredType>().Select((t, i) => new FrameColumn(i + 1, t))];
        Guid id = Rows.RandomKey();
        DateTime instant = new(1969, 12, 31, 23, 59, 59, 999, 999, DateTimeKind.Utc);
        Dictionary<StoredType, object> values = new()
        {
            [StoredType.Int64] = long.MinValue,
            [StoredType.Double] = 0.1,
            [StoredType.Decimal] = -123456789012.654321m,
            [StoredType.Boolean] = true,
            [StoredType.Text] = "naïve\n'\"; DROP TABLE dataset_7; -- 💎",
            [StoredType.Timestamp] = UnixMicros.From(instant),
            [StoredType.Date] = -1,
            [StoredType.Uuid] = id,
        };
        await SettleAsync(
            Rows.Frame(1, DatasetId, columns, Rows.Row(1, [.. columns.Select(c => (object?)values[c.Type])]), Rows.Row(2, new object?[columns.Length])));

        string select = string.Join(", ", columns.Select(c => c.Type switch
        {
            StoredType.Double or StoredType.Decimal => $"CAST({EventTable.Column(c.FieldId)} AS VARCHAR)",
            _ => EventTable.Column(c.FieldId),
        }));
        IReadOnlyList<object?[]> rows = await AskAsync($"SELECT {select} FROM {Table} ORDER BY subject");
        Dictionary<StoredType, object> expected = new(values)
        {
            [StoredType.Double] = "0.1",
            [StoredType.Decimal] = "-123456789012.654321",
            [StoredType.Timestamp] = instant,
            [StoredType.Date] = new DateTime(1969, 12, 31, 0, 0, 0, DateTimeKind.Utc),
            [StoredType.Uuid] = id.ToString(),
        };
        Assert.Equal(columns.Select(c => expected[c.Type]), rows[0]);
        Assert.All(rows[1], Assert.Null);
    }

    [Fact]
    public async Task The_same_frames_settled_twice_change_nothing()
    {
        InboxFrame[] frames = [Rows.Frame(1, DatasetId, NoColumns, Rows.Row(1), Rows.Row(2)), Rows.Frame(2, DatasetId, NoColumns, Rows.Row(3))];
        await SettleAsync(frames);
        await SettleAsync(frames);
        Assert.Equal(3L, await CountAsync());
        Assert.Equal(2, Store.AppliedLsn);
    }

    [Fact]
    public async Task Frames_at_or_below_the_applied_lsn_are_skipped_even_with_other_keys()
    {
        await SettleAsync(Rows.Frame(5, DatasetId, NoColumns, Rows.Row(1)));
        await SettleAsync(Rows.Frame(5, DatasetId, NoColumns, Rows.Row(2)), Rows.Frame(6, DatasetId, NoColumns, Rows.Row(3)));
        Assert.Equal(2L, await CountAsync());
        Assert.Equal(6, Store.AppliedLsn);
    }

    [Fact]
    public async Task A_duplicate_key_is_dropped_inside_a_batch_and_against_the_table()
    {
        FrameColumn[] number = [new(1, StoredType.Int64)];
        Guid known = Rows.Key(1);
        await SettleAsync(Rows.Frame(1, DatasetId, number, Rows.Row(known, 1, 10L), Rows.Row(known, 1, 11L)));
        await SettleAsync(
            Rows.Frame(2, DatasetId, number, Rows.Row(known, 1, 12L), Rows.Row(Rows.Key(2), 1, 20L)),
            Rows.Frame(3, DatasetId, number, Rows.Row(Rows.Key(2), 1, 21L), Rows.Row(Rows.Key(3), 2, 30L)));
        // Of several with one key the first stays.
        Assert.Equal([10L, 20L, 30L], (await AskAsync($"SELECT {EventTable.Column(1)} FROM {Table} ORDER BY 1")).Select(r => r[0]));
    }

    [Fact]
    public async Task A_key_known_in_one_dataset_is_new_in_another()
    {
        Guid key = Rows.Key(1);
        await SettleAsync(Rows.Frame(1, DatasetId, NoColumns, Rows.Row(key, 1)), Rows.Frame(2, DatasetId + 1, NoColumns, Rows.Row(key, 1)));
        Assert.Equal(1L, await CountAsync());
        Assert.Equal([[1L]], await AskAsync($"SELECT count(*) FROM {EventTable.Name(DatasetId + 1)}"));
    }

    [Fact]
    public async Task Frames_with_different_columns_settle_in_one_batch()
    {
        FrameColumn text = new(1, StoredType.Text), number = new(2, StoredType.Int64);
        await SettleAsync(
            Rows.Frame(1, DatasetId, [number, text], Rows.Row(1, 5L, "a")),
            Rows.Frame(2, DatasetId, NoColumns, Rows.Row(2)),
            Rows.Frame(3, DatasetId, [text], Rows.Row(3, "b")));
        Assert.Equal(
            [["a", 5L], [null, null], ["b", null]],
            await AskAsync($"SELECT {EventTable.Column(1)}, {EventTable.Column(2)} FROM {Table} ORDER BY lsn"));
    }

    [Fact]
    public async Task A_damaged_frame_settles_nothing_of_its_batch()
    {
        InboxFrame good = Rows.Frame(1, DatasetId, NoColumns, Rows.Row(1));
        InboxFrame bad = Rows.Frame(2, DatasetId, NoColumns, Rows.Row(2));
        byte[] bytes = bad.Rows.ToArray();
        bytes[^12] ^= 1;
        await SettleAsync(good);
        await Assert.ThrowsAsync<StorageFailureException>(() => SettleAsync(Rows.Frame(2, DatasetId, NoColumns, Rows.Row(3)), new InboxFrame(3, DatasetId, bytes)));
        Assert.Equal(1L, await CountAsync());
        Assert.Equal(1, Store.AppliedLsn);
        await SettleAsync(bad);
        Assert.Equal(2L, await CountAsync());
    }

    [Fact]
    public async Task Values_of_another_type_than_their_column_settle_nothing()
    {
        await SettleAsync(Rows.Frame(1, DatasetId, [new FrameColumn(1, StoredType.Text)], Rows.Row(1, "a")));
        await Assert.ThrowsAsync<StorageFailureException>(() => SettleAsync(Rows.Frame(2, DatasetId, [new FrameColumn(1, StoredType.Int64)], Rows.Row(2, 2L))));
        Assert.Equal(1L, await CountAsync());
        Assert.Equal(1, Store.AppliedLsn);
    }

    [Fact]
    public async Task Queries_go_on_while_batches_settle_and_see_whole_batches_only()
    {
        const int batch = 1_000;
        await SettleAsync(Batch(1, batch));
        using CancellationTokenSource done = new();
        Task<int> asking = Task.Run(async () =>
        {
            int asked = 0;
            long before = 0;
            while (!done.IsCancellationRequested)
            {
                long count = await CountAsync();
                Assert.Equal(0, count % batch);
                Assert.True(count >= before);
                before = count;
                asked++;
            }

            return asked;
        });
        for (int lsn = 2; lsn <= 12; lsn++)
            await SettleAsync(Batch(lsn, batch));
        await done.CancelAsync();
        Assert.True(await asking > 0);
        Assert.Equal(12L * batch, await CountAsync());
    }

    [Fact]
    public async Task Parameters_are_positional_and_never_read_as_sql()
    {
        await SettleAsync(Rows.Frame(1, DatasetId, [new FrameColumn(1, StoredType.Text)], Rows.Row(1, "x' OR '1'='1"), Rows.Row(2, "y")));
        IReadOnlyList<object?[]> rows = await Store.AggregateAsync(
            $"SELECT count(*), $2 FROM {Table} WHERE {EventTable.Column(1)} = $1", ["x' OR '1'='1", 5L], Token);
        Assert.Equal([[1L, 5L]], rows);
    }

    [Fact]
    public async Task A_nul_inside_a_text_does_not_make_two_values_one()
    {
        await SettleAsync(Rows.Frame(1, DatasetId, [new FrameColumn(1, StoredType.Text)], Rows.Row(1, "a\0b"), Rows.Row(2, "a\0c"), Rows.Row(3, "a")));
        Assert.Equal([[3L]], await AskAsync($"SELECT count(DISTINCT {EventTable.Column(1)}) FROM {Table}"));
        Assert.Equal([[1L]], await Store.AggregateAsync($"SELECT count(*) FROM {Table} WHERE {EventTable.Column(1)} = $1", ["a\0b"], Token));
    }

    [Fact]
    public async Task Sums_are_exact_beyond_64_bits()
    {
        await SettleAsync(Rows.Frame(1, DatasetId, [new FrameColumn(1, StoredType.Int64)], Rows.Row(1, long.MaxValue), Rows.Row(2, long.MaxValue)));
        Assert.Equal([[(BigInteger)long.MaxValue * 2]], await AskAsync($"SELECT sum({EventTable.Column(1)}) FROM {Table}"));
    }

    [Theory]
    [InlineData("SELECT nonsense")]
    [InlineData("SELECT * FROM read_csv('/etc/hostname')")]
    [InlineData("COPY (SELECT 1) TO '/tmp/opaline-leak.csv'")]
    [InlineData("ATTACH '/tmp/opaline-leak.db'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("CREATE TABLE x (i INTEGER)")]
    [InlineData("SELECT CAST('secret' AS INTEGER)")]
    [InlineData("SELECT 0.5::DOUBLE")]
    public async Task Sql_that_fails_writes_or_reaches_outside_is_refused_without_the_engines_text(string sql)
    {
        StorageFailureException refusal = await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync(sql));
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal([[1L]], await AskAsync("SELECT CAST(1 AS BIGINT)"));
    }

    [Fact]
    public async Task An_aggregation_can_be_given_up()
    {
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.AggregateAsync(
            Endless, [], source.Token));
        Assert.Equal([[1L]], await AskAsync("SELECT CAST(1 AS BIGINT)"));
    }

    [Fact]
    public async Task A_prepared_dataset_can_be_asked_before_its_first_row()
    {
        Dataset dataset = Datasets.Sample(DatasetId, Datasets.Kept(3, "country"));
        await Store.PrepareAsync(dataset, Token);
        await Store.PrepareAsync(dataset, Token);
        Assert.Equal([[0L]], await AskAsync($"SELECT count({EventTable.Column(3)}) FROM {Table}"));
    }

    [Fact]
    public async Task A_column_whose_field_got_another_number_is_dropped_and_never_filled_again()
    {
        Dataset before = Datasets.Sample(DatasetId, Datasets.Kept(3, "country"));
        await Store.PrepareAsync(before, Token);
        await SettleAsync(Rows.Frame(1, DatasetId, [new FrameColumn(3, StoredType.Text)], Rows.Row(1, "AT")));
        await Store.PrepareAsync(Datasets.Sample(DatasetId, Datasets.Kept(4, "country")), Token);
        // A batch that was treated before the change arrives after it; an older state of the dataset is prepared once more.
        await SettleAsync(Rows.Frame(2, DatasetId, [new FrameColumn(3, StoredType.Text)], Rows.Row(2, "DE")));
        Assert.Equal(2L, await CountAsync());
        await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync($"SELECT count({EventTable.Column(3)}) FROM {Table}"));
        Assert.Equal([[0L]], await AskAsync($"SELECT count({EventTable.Column(4)}) FROM {Table}"));
    }

    /// <summary>A statement that runs for longer than any test.</summary>
    protected abstract string Endless { get; }

    protected abstract Task<IEventStore> OpenAsync();

    protected abstract Task CloseAsync();

    private static InboxFrame Batch(long lsn, int rows) =>
        Rows.Frame(lsn, DatasetId, NoColumns, [.. Enumerable.Range(0, rows).Select(i => Rows.Row(i))]);

    private Task SettleAsync(params InboxFrame[] frames) => Store.SettleAsync(frames, Token);

    private Task<IReadOnlyList<object?[]>> AskAsync(string sql) => Store.AggregateAsync(sql, [], Token);

    private async Task<long> CountAsync() => (long)(await AskAsync($"SELECT count(*) FROM {Table}"))[0][0]!;
}
