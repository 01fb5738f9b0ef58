using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

/// <summary>What every event store promises of sealing. A store plugs in by opening itself, at first on an empty database and then again on the same.</summary>
public abstract class EventSealingContract : IAsyncLifetime
{
    private protected static readonly DateTime January = new(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc);
    private protected static readonly DateTime InFebruary = new(2024, 2, 3, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime InMarch = new(2024, 3, 3, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Dataset Data = Events(Datasets.Kept(3, EventsDataset.Action));
    private static readonly Dataset WithoutAction = Events(Datasets.Kept(4, EventsDataset.Action) with { Treatment = new(TreatmentKind.Drop) });
    private static readonly Dataset WithAnotherAction = Events(Datasets.Kept(5, EventsDataset.Action));

    private IEventStore _store = null!;
    private long _lsn;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Rows_of_an_open_window_have_no_ordinals_and_those_of_a_sealed_one_their_own()
    {
        await SettleAsync(Row(1, "buy"), Row(1, "buy"), Row(2, "buy"), Row(1, "look", January.AddMonths(1)));
        await _store.SealAsync(Data, January.AddDays(1), _store.AppliedLsn, Token);
        Assert.All(await OrdinalsAsync(), o => Assert.All(o, Assert.Null));
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        Assert.Equal([[1L, 1L, 1L], [2L, 1L, 2L], [1L, 1L, 1L], [null, null, null]], await OrdinalsAsync());
    }

    [Fact]
    public async Task Sealing_twice_changes_nothing()
    {
        await SettleAsync(Row(1, "buy"), Row(1, "look"), Row(1, "buy"));
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> before = await OrdinalsAsync();
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        await _store.SealAsync(Data, InMarch, _store.AppliedLsn, Token);
        Assert.Equal(before, await OrdinalsAsync());
    }

    [Fact]
    public async Task Late_rows_and_groups_append_and_what_was_given_stays()
    {
        await SettleAsync(Row(1, "buy"), Row(1, "look"));
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> before = await OrdinalsAsync();
        await SettleAsync(Row(1, "buy"), Row(1, "say"));
        await _store.SealAsync(Data, InFebruary.AddSeconds(10), _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> after = await OrdinalsAsync();
        Assert.Equal(before, after.Take(2));
        Assert.Equal([[3L, before[0][1], 2L], [4L, 3L, 1L]], after.Skip(2));
    }

    [Theory]
    [InlineData(ErasedRows.Delete)]
    [InlineData(ErasedRows.Anonymize)]
    public async Task Erased_subject_leaves_no_row_of_any_window_under_its_number_so_that_late_rows_are_given_no_ordinal_again(ErasedRows erased)
    {
        DateTime february = January.AddMonths(1);
        await SettleAsync(Row(2, "buy"), Row(1, "buy"), Row(1, "look"), Row(1, "say", february), Row(2, "say", february), Row(1, "say", InMarch));
        await _store.SealAsync(Data, InMarch, _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> before = await RanksAsync();

        await _store.EraseAsync(Data with { ErasedRows = erased }, [1], Token);
        await SettleAsync(Row(2, "buy"), Row(3, "buy"), Row(2, "say", february));
        await _store.SealAsync(Data, InMarch.AddSeconds(10), _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> after = await RanksAsync();

        Assert.DoesNotContain(1L, after.Select(r => r[0]));
        Assert.Equal(erased == ErasedRows.Delete ? 0 : 4, after.Count(r => (long)r[0]! < 0));
        // Those of the others stay, and where rows are kept those of nobody too.
        Assert.Equal(before.Where(r => erased == ErasedRows.Anonymize || (long)r[0]! != 1).Select(r => r[2..]), after.SkipLast(3).Select(r => r[2..]));
        Assert.Equal([[2L, 1L], [3L, 1L], [2L, 2L]], after.TakeLast(3).Select(r => (object?[])[r[0], r[1]]));
        Assert.Equal([2L, 1L, 2L], after.TakeLast(3).Select(r => r[2]));
        Assert.Distinct(after.Where(r => r[2] is not null).Select(r => (r[0], r[1], r[2])));
    }

    [Fact]
    public async Task What_is_sealed_is_known_after_a_restart_and_a_clock_that_goes_back_opens_nothing()
    {
        Assert.True(await _store.SealedThroughAsync(Data, Token) < January);
        await SettleAsync(Row(1, "buy"));
        await _store.SealAsync(Data, InMarch, _store.AppliedLsn, Token);
        DateTime through = new(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        Assert.Equal(through, await _store.SealedThroughAsync(Data, Token));
        IReadOnlyList<object?[]> before = await OrdinalsAsync();

        await CloseAsync();
        _store = await OpenAsync();
        Assert.Equal(through, await _store.SealedThroughAsync(Data, Token));
        await SettleAsync(Row(1, "buy"));
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        Assert.Equal(through, await _store.SealedThroughAsync(Data, Token));
        // The secret that orders groups is the same too.
        Assert.Equal([before[0], [2L, 1L, 2L]], await OrdinalsAsync());
    }

    [Fact]
    public async Task A_dataset_without_rows_is_sealed_like_any_other()
    {
        await _store.SealAsync(Data, InMarch, _store.AppliedLsn, Token);
        Assert.Equal(new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc), await _store.SealedThroughAsync(Data, Token));
    }

    [Fact]
    public async Task Ranks_by_a_field_that_went_seal_nothing_and_late_rows_are_not_ranked_among_them()
    {
        await SettleAsync(Row(1, "buy"), Row(1, "look"));
        await _store.SealAsync(Data, InFebruary, _store.AppliedLsn, Token);
        IReadOnlyList<object?[]> before = await OrdinalsAsync();
        foreach ((Dataset changed, int late) in new[] { (WithoutAction, 1), (WithAnotherAction, 2) })
        {
            Assert.True(await _store.SealedThroughAsync(changed, Token) < January);
            await _store.PrepareAsync(changed, Token);
            await SettleAsync(Row(1, "buy"));
            await _store.SealAsync(changed, InMarch, _store.AppliedLsn, Token);
            Assert.True(await _store.SealedThroughAsync(changed, Token) < January);
            IReadOnlyList<object?[]> after = await OrdinalsAsync();
            Assert.Equal(before, after.Take(2));
            Assert.Equal(late, after.Count(o => o.All(p => p is null)));
        }

        await CloseAsync();
        _store = await OpenAsync();
        Assert.True(await _store.SealedThroughAsync(WithoutAction, Token) < January);
        Assert.True(await _store.SealedThroughAsync(WithAnotherAction, Token) < January);
        // What was ranked by it is still what it was to whoever plans by it.
        Assert.True(await _store.SealedThroughAsync(Data, Token) > January);
    }

    [Fact]
    public async Task A_dataset_that_got_its_field_after_it_was_sealed_ranks_on_once_the_field_went_again()
    {
        await SettleAsync(Row(1, "buy"));
        await _store.SealAsync(WithoutAction, InFebruary, _store.AppliedLsn, Token);
        DateTime through = await _store.SealedThroughAsync(WithoutAction, Token);
        Assert.True(through > January);
        await SettleAsync(Row(1, "buy"));
        await _store.SealAsync(WithAnotherAction, InMarch, _store.AppliedLsn, Token);
        Assert.True(await _store.SealedThroughAsync(WithAnotherAction, Token) < January);
        Assert.Equal([[1L, 1L, 1L], [null, null, null]], await OrdinalsAsync());
        await _store.SealAsync(WithoutAction, InMarch, _store.AppliedLsn, Token);
        Assert.Equal([[1L, 1L, 1L], [2L, 1L, 2L]], await OrdinalsAsync());
        Assert.True(await _store.SealedThroughAsync(WithoutAction, Token) > through);
    }

    [Fact]
    public async Task The_sequence_grows_in_the_order_in_which_rows_come()
    {
        await SettleAsync(Row(3, "buy"), Row(1, "buy"));
        await SettleAsync(Row(2, "buy"));
        Assert.Equal(
            [3L, 1L, 2L],
            (await _store.AggregateAsync($"SELECT {EventTable.Subject} FROM {EventTable.Name(Data)} ORDER BY {EventTable.Seq}", [], Token)).Select(r => r[0]));
    }

    protected abstract Task<IEventStore> OpenAsync();

    protected abstract Task CloseAsync();

    private static Dataset Events(Field action) => Datasets.Sample(7, action) with { Name = EventsDataset.Name };

    private protected static string Table => EventTable.Name(Data);

    private protected Task SealAsync(DateTime asOf) => _store.SealAsync(Data, asOf, _store.AppliedLsn, Token);

    private protected static ProtectedRow Row(long subject, string action, DateTime? time = null) =>
        new(Rows.RandomKey(), subject, UnixMicros.From(time ?? January), [action], null);

    private protected Task SettleAsync(params ProtectedRow[] rows) => _store.SettleAsync([Rows.Frame(++_lsn, Data.Id, [new FrameColumn(3, StoredType.Text)], rows)], Token);

    private Task<IReadOnlyList<object?[]>> RanksAsync() => _store.AggregateAsync(
        $"""
        SELECT {EventTable.Subject}, CAST(EXTRACT(MONTH FROM {EventTable.Time}) AS BIGINT), {EventTable.RowInWindow}, {EventTable.GroupInWindow}, {EventTable.RowInGroup}
        FROM {EventTable.Name(Data)} ORDER BY {EventTable.Seq}
        """,
        [],
        Token);

    private Task<IReadOnlyList<object?[]>> OrdinalsAsync() => _store.AggregateAsync(
        $"SELECT {EventTable.RowInWindow}, {EventTable.GroupInWindow}, {EventTable.RowInGroup} FROM {EventTable.Name(Data)} ORDER BY {EventTable.Seq}", [], Token);
}
