using System.Collections.Concurrent;
using System.Diagnostics;
using Opaline.Analytics;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

/// <summary>How many commands an answer sends to a server. The driver tells of no COMMIT or ROLLBACK that goes alone, as at the end of an aggregation, which is a round trip more.</summary>
[OnPostgres]
public sealed class PostgresRoundTripTests
{
    private static readonly Query Daily = Shop.Count(new PeriodKey(Period.Day)) with
    {
        From = RangeEdge.On(new DateOnly(2024, 3, 1)),
        To = RangeEdge.On(new DateOnly(2024, 3, 6)),
    };

    [Fact]
    public async Task A_charged_answer_takes_two_commands_to_charge_two_to_aggregate_two_to_release_and_one_for_balances()
    {
        using TemporaryFolder folder = new();
        await using AnalyticsHost host = new(folder: folder.Path);
        await host.DeclareAsync(Shop.Declaration());
        await AskAsync(host, fresh: true);
        Assert.Equal(7, await CommandsAsync(folder, () => AskAsync(host, fresh: true)));
    }

    [Fact]
    public async Task A_replay_takes_one_to_find_it_one_for_its_record_and_one_for_balances()
    {
        using TemporaryFolder folder = new();
        await using AnalyticsHost host = new(folder: folder.Path);
        await host.DeclareAsync(Shop.Declaration());
        await AskAsync(host, fresh: true);
        Assert.Equal(3, await CommandsAsync(folder, () => AskAsync(host, fresh: false)));
    }

    private static Task<Answer> AskAsync(AnalyticsHost host, bool fresh) =>
        host.Queries.AskAsync(AnalyticsHost.Analyst, Daily, new AskOptions(Fresh: fresh), TestContext.Current.CancellationToken);

    // Other tests use the driver meanwhile, each in a database of its own.
    private static async Task<int> CommandsAsync(TemporaryFolder folder, Func<Task> work)
    {
        string database = new Uri(Engines.Prepare(folder.Path)).AbsolutePath.TrimStart('/');
        ConcurrentQueue<string> commands = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(t => t.Value as string == database))
                    commands.Enqueue(activity.DisplayName);
            },
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        await work();
        return commands.Count;
    }
}
