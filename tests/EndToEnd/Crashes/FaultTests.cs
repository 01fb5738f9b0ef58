using System.Diagnostics;
using System.Text;
using Opaline.Client;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>The disk fails, at each write and sync in turn: a 202 is never a lie.</summary>
public sealed class FaultTests
{
    private static readonly string[] QuickTicks = ["--Opaline:Storage:TickSeconds=1"];

    /// <summary>Each write and sync of a batch's way: the commit, and the move into the event tables.</summary>
    private static IEnumerable<Fault> Faults => LongRuns.Enabled
        ? [
            .. Enumerable.Range(1, 60).Select(n => new Fault(n)),
            .. Enumerable.Range(1, 20).Select(n => new Fault(n, "sync", "control.db-wal")),
            .. Enumerable.Range(1, 10).Select(n => new Fault(n, "sync", "events.duckdb")),
            .. Enumerable.Range(1, 10).Select(n => new Fault(n, "write", "events.duckdb")),
        ]
        : [
            new(1, "write", "control.db-wal"), new(40, "write", "control.db-wal"), new(1, "sync", "control.db-wal"), new(6, "sync", "control.db-wal"),
            new(1, "write", "events.duckdb"), new(1, "sync", "events.duckdb"),
        ];

    [Fact]
    public async Task A_write_or_sync_that_fails_never_loses_an_acknowledged_event()
    {
        using TemporaryFolder folder = new();
        FaultShim? shim = await FaultShim.BuildAsync(folder);
        Assert.SkipWhen(shim is null, "There is no C compiler to build the fault layer with.");
        string data = folder.File("data");
        Dictionary<string, bool> acknowledged = [];
        List<string> struck = [];
        // Each round's start is also the restart after the last round's failure and kill.
        int round = 0;
        foreach (Fault fault in Faults)
        {
            shim.Disarm();
            await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, 0, QuickTicks, shim.Environment(data, fault));
            await SendUntilStruckAsync(server, shim, round++, acknowledged);
            struck.Add(shim.Struck ?? throw new InvalidOperationException($"{fault} never came."));
            await server.KillAsync();
        }

        await using (ServerProcess server = await ServerProcess.StartAsync(folder.Path, 0, QuickTicks))
        {
            await server.WaitForTickAsync();
            Assert.Equal(0, await server.StopAsync());
        }

        Dictionary<string, long> stored = await StoredData.ActionsAsync(data);
        string[] lost = [.. acknowledged.Where(a => a.Value && stored.GetValueOrDefault(a.Key) != 1).Select(a => a.Key)];
        Assert.True(lost.Length == 0, $"Acknowledged, not stored once: {string.Join(", ", lost)}. Failed calls: {string.Join(", ", struck)}");
        Assert.All(stored, s => Assert.Equal(1, s.Value));
        Assert.All(stored.Keys, action => Assert.Contains(action, acknowledged.Keys));
        // The layer did reach what makes a commit durable.
        Assert.Contains(struck, s => s.EndsWith("control.db-wal", StringComparison.Ordinal));
        Assert.Contains(struck, IsCommitSync);
        Assert.Contains(struck, s => s.Contains("events.duckdb", StringComparison.Ordinal));
        Assert.Contains(acknowledged, a => !a.Value);
    }

    [Fact]
    public async Task A_first_start_that_fails_midway_leaves_nothing_that_the_next_start_stumbles_over()
    {
        using TemporaryFolder tools = new();
        FaultShim? shim = await FaultShim.BuildAsync(tools);
        Assert.SkipWhen(shim is null, "There is no C compiler to build the fault layer with.");
        foreach (int nth in LongRuns.Enabled ? Enumerable.Range(1, 200).Where(n => n % 3 == 1) : [1, 40])
        {
            using TemporaryFolder folder = new();
            shim.Disarm();
            shim.Arm();
            Stopwatch slow = Stopwatch.StartNew();
            await using (ServerProcess faulty = ServerProcess.Launch(folder.Path, 0, QuickTicks, shim.Environment(folder.File("data"), new Fault(nth))))
            {
                try
                {
                    // Five seconds after the fault has struck, a server that is not ready never will be; before that it is only slow.
                    Stopwatch? struck = null;
                    while (true)
                    {
                        try
                        {
                            await faulty.WaitUntilReadyAsync(TimeSpan.FromSeconds(1));
                            break;
                        }
                        catch (TimeoutException) when (slow.Elapsed < TimeSpan.FromMinutes(2))
                        {
                            if (shim.Struck is not null && (struck ??= Stopwatch.StartNew()).Elapsed > TimeSpan.FromSeconds(5))
                                throw;
                        }
                    }
                }
                catch (TimeoutException)
                {
                    // It runs and says at /health/ready that it cannot write.
                    Assert.NotNull(shim.Struck);
                }
                catch (ServerDidNotStartException refused)
                {
                    Assert.NotEqual(0, refused.ExitCode);
                    Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
                }
            }

            await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, 0, QuickTicks);
            using OpalineClient ingest = server.Client("ingest");
            Assert.Equal(1, (await ingest.SendRowsAsync("events", Event("after"), "after")).Accepted);
        }
    }

    /// <summary>Sends single events until the failure has struck and a few more were tried, or none are left.</summary>
    private static async Task SendUntilStruckAsync(ServerProcess server, FaultShim shim, int round, Dictionary<string, bool> acknowledged)
    {
        using OpalineClient ingest = server.Client("ingest", new OpalineClientOptions { MaxAttempts = 1 });
        await ingest.GetTokenAsync();
        shim.Arm();
        int after = 0;
        Stopwatch waited = Stopwatch.StartNew();
        // The move into the event tables follows within a second or two: a fault there strikes later than one of a commit.
        for (int i = 0; after < 5 && waited.Elapsed < TimeSpan.FromMinutes(1); i++)
        {
            await Task.Delay(5);
            string action = $"fault-{round}-{i}";
            acknowledged[action] = false;
            try
            {
                acknowledged[action] = (await ingest.SendRowsAsync("events", Event(action), action)).Accepted == 1;
            }
            catch (Exception refused) when (refused is OpalineProblemException or OpalineConnectionException)
            {
                Assert.False(refused is OpalineProblemException { Status: < System.Net.HttpStatusCode.InternalServerError }, refused.Message);
            }

            if (shim.Struck is not null && after++ > 0 && IsCommitSync(shim.Struck))
            {
                // After a failed sync the kernel may have dropped what it could not write: nothing the log says from then on can be believed.
                Assert.False(acknowledged[action], $"Acknowledged after {shim.Struck} had failed.");
            }
        }
    }

    private static bool IsCommitSync(string struck) =>
        struck.Contains("sync", StringComparison.Ordinal) && struck.EndsWith("control.db-wal", StringComparison.Ordinal);

    private static byte[] Event(string action) => Encoding.UTF8.GetBytes(
        $$"""{"user_id":"person-of-{{action}}","action":"{{action}}","timestamp":"2024-03-01T00:00:00Z","metadata":{"note":"a text to seal"} }""" + "\n");
}
