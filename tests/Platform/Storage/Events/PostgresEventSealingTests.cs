using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

[OnPostgres]
public sealed class PostgresEventSealingTests : EventSealingContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStores _stores = null!;

    // Its planner would take every expression over the time for as many groups as there are rows, and every ordinal for missing.
    [Fact]
    public async Task The_planner_knows_of_a_sealed_window_that_times_make_few_groups_and_rows_have_ordinals()
    {
        await SettleAsync([.. Enumerable.Range(0, 2_000).Select(i => Row(1, "buy", January.AddSeconds(i)))]);
        await SealAsync(InFebruary);
        object statistics = PostgresServer.RunIn(
            _stores.Url, $"SELECT array_agg(n_distinct || ' ' || null_frac ORDER BY attname) FROM pg_stats WHERE tablename = '{Table}' AND attname IN ('event_time', 'group_in_window')")!;
        Assert.Equal(["1000 0", "1 0"], (string[])statistics);
    }

    public void Dispose() => _folder.Dispose();

    protected override Task<IEventStore> OpenAsync()
    {
        _stores = new EmbeddedStores(_folder.Path);
        // Closed with the rest only if it was asked for.
        _ = _stores.Control;
        return Task.FromResult(_stores.Events);
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();
}
