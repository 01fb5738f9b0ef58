using System.Text;
using Opaline.Client;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>A store that is not what was written is never opened: the server says so and ends.</summary>
public sealed class DamageTests : IClassFixture<DamageTests.StoppedStore>
{
    private readonly StoppedStore _store;

    public DamageTests(StoppedStore store) => _store = store;

    public static TheoryData<string> Damages => ["control overwritten", "control cut", "control gone", "events overwritten", "events cut", "events gone"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Server_does_not_start_on_a_store_that_is(string damage)
    {
        using TemporaryFolder folder = new();
        _store.CopyTo(folder.Path);
        string[] words = damage.Split(' ');
        string file = Path.Combine(folder.Path, "data", words[0] == "control" ? "control.db" : "events.duckdb");
        Damage(file, words[1]);

        await using ServerProcess server = ServerProcess.Launch(folder.Path);
        ServerDidNotStartException refused = await Assert.ThrowsAsync<ServerDidNotStartException>(() => server.WaitUntilReadyAsync());
        Assert.NotEqual(0, refused.ExitCode);
        // A sentence with the remedy, not a stack trace.
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("backup", refused.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Server_starts_on_the_same_store_undamaged()
    {
        using TemporaryFolder folder = new();
        _store.CopyTo(folder.Path);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path);
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal((500, 500), await StoredData.CountAsync(server.DataFolder, "events"));
    }

    private static void Damage(string file, string how)
    {
        if (how == "gone")
        {
            File.Delete(file);
            return;
        }

        using FileStream stream = File.Open(file, FileMode.Open);
        if (how == "cut")
        {
            stream.SetLength(stream.Length / 2);
            return;
        }

        // From the second page on: the header alone would still look right.
        stream.Position = 4096;
        byte[] noise = new byte[Math.Min(65_536, stream.Length - 4096)];
        Array.Fill(noise, (byte)0xA5);
        stream.Write(noise);
    }

    /// <summary>The folder of a server that took 500 events, settled them and stopped in order.</summary>
    public sealed class StoppedStore : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public async ValueTask InitializeAsync()
        {
            await using ServerProcess server = await ServerProcess.StartAsync(_folder.Path, 0, ["--Opaline:Storage:TickSeconds=1"]);
            using OpalineClient ingest = server.Client("ingest");
            StringBuilder body = new();
            for (int i = 0; i < 500; i++)
                body.Append("{\"user_id\":\"u").Append(i % 90).Append("\",\"action\":\"login\",\"timestamp\":\"2024-03-01T00:00:00Z\"}\n");
            await ingest.SendRowsAsync("events", Encoding.UTF8.GetBytes(body.ToString()), "store");
            await server.WaitForTickAsync();
            Assert.Equal(0, await server.StopAsync());
        }

        public void CopyTo(string folder)
        {
            foreach (string source in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(folder, Path.GetRelativePath(_folder.Path, source));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(source, target);
            }
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
