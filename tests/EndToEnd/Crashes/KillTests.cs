using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>The power fails: nothing acknowledged is lost, nothing is stored twice, nothing released is uncharged.</summary>
public sealed class KillTests
{
    private const int Batches = 100;
    private const int RowsPerBatch = 100;

    [Fact]
    public async Task Killed_amid_concurrent_batches_the_count_is_exact_and_every_delivered_answer_is_charged()
    {
        int rounds = LongRuns.Times(2, 5);
        using TemporaryFolder folder = new();
        int port = ServerProcess.FreePort();
        string[] arguments = ["--Opaline:Storage:TickSeconds=1"];
        ServerProcess server = await ServerProcess.StartAsync(folder.Path, port, arguments);
        ConcurrentBag<AnswerDocument> delivered = [];
        try
        {
            for (int round = 0; round < rounds; round++)
                server = await RoundAsync(server, round, port, arguments, delivered);
            await server.WaitForTickAsync();
            Assert.Equal(0, await server.StopAsync());
        }
        finally
        {
            await server.DisposeAsync();
        }

        long expected = (long)rounds * Batches * RowsPerBatch;
        Assert.Equal((expected, expected), await StoredData.CountAsync(server.DataFolder, "events"));

        Assert.NotEmpty(delivered);
        foreach (AnswerDocument answer in delivered)
        {
            List<object?[]> charged = await StoredData.ControlAsync(
                server.DataFolder,
                "SELECT c.account_kind, c.nano_rho FROM release r JOIN ledger_charge c ON c.voucher_id = r.voucher_id WHERE r.id = $1",
                answer.ReleaseId);
            Assert.All((string[])["dataset", "department", "principal"], kind => Assert.Single(charged, c => (string)c[0]! == kind));
            long price = answer.Plan.Measures.Sum(m => m.NanoRho);
            Assert.All(charged, c => Assert.Equal(price, Convert.ToInt64(c[1], CultureInfo.InvariantCulture)));
            // The call that a kill cut off has paid for the one that completed it.
            Assert.Contains(answer.Cost.NanoRho, new[] { 0, price });
        }
    }

    private static async Task<ServerProcess> RoundAsync(
        ServerProcess server, int round, int port, string[] arguments, ConcurrentBag<AnswerDocument> delivered)
    {
        using HttpClient http = new() { BaseAddress = server.Address };
        OpalineClientOptions stubborn = new() { MaxAttempts = 100, FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1) };
        using OpalineClient sender = server.Client(http, "ingest", stubborn);
        using OpalineClient analyst = server.Client(http, "analyst", new OpalineClientOptions { MaxAttempts = 1 });
        using CancellationTokenSource killed = new();
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task asking = AskAsync(analyst, delivered, answered, killed.Token);
        await await Task.WhenAny(answered.Task, asking);
        int acknowledged = 0;
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sending = Task.WhenAll(Enumerable.Range(0, Batches).Select(async batch =>
        {
            // Half of the batches are told apart by the events' ids, the other half by the batch's key alone.
            byte[] body = Body(round, batch, withIds: batch % 2 == 0);
            IngestReceiptDocument receipt = await sender.SendRowsAsync("events", body, $"kill-{round}-{batch}");
            Assert.Equal((RowsPerBatch, 0), (receipt.Accepted, receipt.Rejected));
            if (Interlocked.Increment(ref acknowledged) == Batches / 3)
                halfway.TrySetResult();
        }));
        await await Task.WhenAny(halfway.Task, sending);
        await server.KillAsync();
        await killed.CancelAsync();
        await asking;
        string folder = server.Folder;
        await server.DisposeAsync();
        server = await ServerProcess.StartAsync(folder, port, arguments);
        await sending;
        return server;
    }

    /// <summary>Asks until the server is gone; what was delivered by then is to be found charged.</summary>
    private static async Task AskAsync(OpalineClient analyst, ConcurrentBag<AnswerDocument> delivered, TaskCompletionSource answered, CancellationToken killed)
    {
        QueryDocument question = new()
        {
            Dataset = "events",
            Measures = [new QueryMeasureDocument { Function = "count" }],
            Contribution = new QueryContributionDocument(1, 1),
            Epsilon = 0.01,
        };
        while (!killed.IsCancellationRequested)
        {
            try
            {
                delivered.Add(await analyst.QueryAsync(question, new AskOptions(Fresh: true), killed));
                answered.TrySetResult();
            }
            catch (Exception gone) when (gone is OpalineConnectionException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static byte[] Body(int round, int batch, bool withIds)
    {
        StringBuilder body = new();
        for (int row = 0; row < RowsPerBatch; row++)
        {
            string id = withIds ? $"\"event_id\":\"e-{round}-{batch}-{row}\"," : "";
            body.Append(CultureInfo.InvariantCulture, $$"""{{{id}}"user_id":"u{{(batch * 7) + (row % 40)}}","action":"tick","timestamp":"2024-03-01T00:00:00Z"}""").Append('\n');
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }
}
