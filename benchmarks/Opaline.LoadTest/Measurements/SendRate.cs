using System.Collections.Concurrent;
using System.Diagnostics;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.LoadTest.Measurements;

/// <summary>How fast events become durable: a batch counts when its 202 has come.</summary>
/// <param name="BatchSize">Events in a batch.</param>
/// <param name="Connections">Batches on their way at a time.</param>
/// <param name="EventsPerSecond">Acknowledged events a second.</param>
/// <param name="Latencies">How long each batch took, in order of length.</param>
internal sealed record SendRate(int BatchSize, int Connections, double EventsPerSecond, IReadOnlyList<TimeSpan> Latencies)
{
    public static async Task<SendRate> MeasureAsync(
        ServerProcess server, EventBatches batches, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        using OpalineClient client = server.Client("ingest");
        await client.GetTokenAsync(cancellationToken);
        ConcurrentBag<TimeSpan> latencies = [];
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(
            async () =>
            {
                while (clock.Elapsed < duration)
                {
                    (byte[] body, string key) = batches.Next();
                    long start = Stopwatch.GetTimestamp();
                    IngestReceiptDocument receipt = await client.SendRowsAsync("events", body, key, cancellationToken: cancellationToken);
                    latencies.Add(Stopwatch.GetElapsedTime(start));
                    if (receipt.Accepted != batches.Size)
                        throw new InvalidOperationException($"{receipt.Rejected} events were rejected.");
                }
            },
            cancellationToken)));
        return new SendRate(batches.Size, connections, latencies.Count * batches.Size / clock.Elapsed.TotalSeconds, [.. latencies.Order()]);
    }
}
