using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.LoadTest.Measurements;

/// <summary>Brings the store to the wanted number of events, all of them settled.</summary>
internal static class Filling
{
    private const int BatchSize = 5_000;

    /// <returns>Events that were sent here: at least this many are stored.</returns>
    public static async Task<long> FillAsync(ServerProcess server, int rows, CancellationToken cancellationToken)
    {
        using OpalineClient client = server.Client("ingest");
        EventBatches batches = await EventBatches.MakeAsync(BatchSize, cancellationToken);
        long sent = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (rows + BatchSize - 1) / BatchSize),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
            async (_, token) =>
            {
                (byte[] body, string key) = batches.Next();
                IngestReceiptDocument receipt = await client.SendRowsAsync("events", body, key, cancellationToken: token);
                Interlocked.Add(ref sent, receipt.Accepted);
            });
        await server.WaitForTickAsync();
        return sent;
    }
}
