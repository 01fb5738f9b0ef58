using System.Globalization;
using System.Text;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Postgres;

/// <summary>The real server on PostgreSQL.</summary>
public sealed class PostgresServerTests
{
    private const int Batches = 60;
    private const int RowsPerBatch = 50;

    [Fact]
    public async Task Events_come_in_an_answer_goes_out_and_a_kill_loses_nothing_acknowledged()
    {
        string url = PostgresServer.NewDatabase();
        using TemporaryFolder folder = new();
        int port = ServerProcess.FreePort();
        string[] arguments = [$"--Opaline:Storage:Url={url}", "--Opaline:Storage:TickSeconds=1"];
        ServerProcess server = await ServerProcess.StartAsync(folder.Path, port, arguments);
        try
        {
            using HttpClient http = new() { BaseAddress = server.Address };
            OpalineClientOptions stubborn = new() { MaxAttempts = 100, FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1) };
            using OpalineClient sender = server.Client(http, "ingest", stubborn);
            int acknowledged = 0;
            TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task sending = Task.WhenAll(Enumerable.Range(0, Batches).Select(async batch =>
            {
                IngestReceiptDocument receipt = await sender.SendRowsAsync("events", Body(batch), $"postgres-{batch}");
                Assert.Equal((RowsPerBatch, 0), (receipt.Accepted, receipt.Rejected));
                if (Interlocked.Increment(ref acknowledged) == Batches / 3)
                    halfway.TrySetResult();
            }));
            await await Task.WhenAny(halfway.Task, sending);
            await server.KillAsync();
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(folder.Path, port, arguments);
            await sending;
            await server.WaitForTickAsync();

            using OpalineClient analyst = server.Client("analyst");
            AnswerDocument answer = await analyst.QueryAsync(
                new QueryDocument
                {
                    Dataset = "events",
                    Measures = [new QueryMeasureDocument { Function = "count" }],
                    Contribution = new QueryContributionDocument(1, 1_000),
                    Epsilon = 1,
                },
                new AskOptions(Fresh: true),
                TestContext.Current.CancellationToken);
            Assert.Single(answer.Rows);
            Assert.Equal(
                answer.Cost.NanoRho, PostgresServer.RunIn(url, "SELECT max(nano_rho) FROM ledger_charge WHERE account_kind = 'dataset'"));
            Assert.Equal(0, await server.StopAsync());
        }
        finally
        {
            await server.DisposeAsync();
        }

        // The exact truth, from the tables themselves; nothing but keys was ever put into the folder.
        Assert.Equal((long)Batches * RowsPerBatch, PostgresServer.RunIn(url, "SELECT sum(n)::bigint FROM (SELECT count(*) AS n FROM dataset_1) AS t"));
        Assert.Equal(0L, PostgresServer.RunIn(url, "SELECT count(*) FROM inbox"));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "data")));
    }

    [Fact]
    public async Task A_second_server_on_the_database_does_not_start()
    {
        string url = PostgresServer.NewDatabase();
        using TemporaryFolder folder = new();
        using TemporaryFolder other = new();
        string[] arguments = [$"--Opaline:Storage:Url={url}"];
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, arguments: arguments);
        ServerDidNotStartException refusal = await Assert.ThrowsAsync<ServerDidNotStartException>(() => ServerProcess.StartAsync(other.Path, arguments: arguments));
        Assert.Contains("in use by another Opaline server", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(url, refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Body(int batch)
    {
        StringBuilder body = new();
        for (int row = 0; row < RowsPerBatch; row++)
            body.Append(CultureInfo.InvariantCulture, $$"""{"user_id":"u{{(batch * 7) + (row % 20)}}","action":"tick","timestamp":"2024-03-01T00:00:00Z"}""").Append('\n');
        return Encoding.UTF8.GetBytes(body.ToString());
    }
}
