using System.Text;
using Opaline.Client;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>The disk fails, at each write and sync in turn: a 202 is never a lie.</summary>
public sealed class FaultTests
{
    private static readonly string[] QuickTicks = ["--Opaline:Storage:TickSeconds=1"];

    private static bool Long => Environment.GetEnvironmentVariable("OPALINE_LONG") == "1";

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
        foreach (int nth in Long ? Enumerable.Range(1, 120) : [1, 2, 9, 24, 55, 110])
        {
            shim.Disarm();
            await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, 0, QuickTicks, shim.Environment(data, nth));
            await SendUntilStruckAsync(server, shim, nth, acknowledged);
            struck.Add(shim.Struck ?? throw new InvalidOperationException($"Write {nth} never came."));
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
        Assert.Contains(struck, s => s.Contains("control.db", StringComparison.Ordinal));
        Assert.Contains(acknowledged, a => !a.Value);
    }

    [Fact]
    public async Task A_first_start_that_fails_midway_leaves_nothing_that_the_next_start_stumbles_over()
    {
        using TemporaryFolder tools = new();
        FaultShim? shim = await FaultShim.BuildAsync(tools);
        Assert.SkipWhen(shim is null, "There is no C compiler to build the fault layer with.");
        foreach (int nth in Long ? Enumerable.Range(1, 200).Where(n => n % 3 == 1) : [1, 40])
        {
            using TemporaryFolder folder = new();
            shim.Disarm();
            shim.Arm();
            await using (ServerProcess faulty = ServerProcess.Launch(folder.Path, 0, QuickTicks, shim.Environment(folder.File("data"), nth)))
            {
                try
                {
                    await faulty.WaitUntilReadyAsync();
                    await faulty.KillAsync();
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
    private static async Task SendUntilStruckAsync(ServerProcess server, FaultShim shim, int nth, Dictionary<string, bool> acknowledged)
    {
        using OpalineClient ingest = server.Client("ingest", new OpalineClientOptions { MaxAttempts = 1 });
        await ingest.GetTokenAsync();
        shim.Arm();
        int after = 0;
        for (int i = 0; i < 200 && after < 5; i++)
        {
            string action = $"fault-{nth}-{i}";
            acknowledged[action] = false;
            try
            {
                acknowledged[action] = (await ingest.SendRowsAsync("events", Event(action), action)).Accepted == 1;
            }
            catch (Exception refused) when (refused is OpalineProblemException or OpalineConnectionException)
            {
                Assert.False(refused is OpalineProblemException { Status: < System.Net.HttpStatusCode.InternalServerError }, refused.Message);
            }

            if (shim.Struck is not null)
                after++;
        }
    }

    private static byte[] Event(string action) => Encoding.UTF8.GetBytes(
        $$"""{"user_id":"person-of-{{action}}","action":"{{action}}","timestamp":"2024-03-01T00:00:00Z","metadata":{"note":"a text to seal"} }""" + "\n");
}
