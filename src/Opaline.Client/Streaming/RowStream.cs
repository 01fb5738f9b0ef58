using System.Security.Cryptography;
using Opaline.Client.Contracts;

namespace Opaline.Client.Streaming;

/// <summary>Sends batches over a few connections at a time and adds up the receipts.</summary>
internal sealed class RowStream(RowStreamOptions options, IProgress<RowStreamResult>? progress)
{
    private const int MaxErrors = 100;
    private const string AllRowsRefused = "invalid_events";

    private readonly string _key = options.Key ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Lock _gate = new();
    private readonly List<IngestErrorDocument> _errors = [];
    private long _accepted;
    private long _rejected;

    public async Task<RowStreamResult> RunAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> rows,
        Func<ReadOnlyMemory<byte>, string, CancellationToken, Task<IngestReceiptDocument>> send,
        CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Connections, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(RowBatch.CutAsync(rows, options, cancellationToken), parallel, async (batch, token) =>
        {
            IngestReceiptDocument receipt;
            try
            {
                receipt = await send(batch.Body, batch.Key(_key), token).ConfigureAwait(false);
            }
            catch (OpalineProblemException refused) when (refused.Code == AllRowsRefused)
            {
                // Faults of rows do not end the stream, not even where a whole batch has them. A batch that is no JSON at all does: whoever writes
                // such rows has to be mended first.
                receipt = new IngestReceiptDocument(
                    0, batch.Rows, [.. (refused.Problem.Errors ?? []).Select(e => new IngestErrorDocument(e.Index ?? 0, e.Path, e.Detail))]);
            }

            RowStreamResult now = Add(batch, receipt);
            progress?.Report(now);
        }).ConfigureAwait(false);
        return Now();
    }

    private RowStreamResult Add(RowBatch batch, IngestReceiptDocument receipt)
    {
        lock (_gate)
        {
            _accepted += receipt.Accepted;
            _rejected += receipt.Rejected;
            foreach (IngestErrorDocument error in receipt.Errors.Take(MaxErrors - _errors.Count))
                _errors.Add(error with { Index = checked((int)(batch.FirstRow + error.Index)) });
            return Now();
        }
    }

    private RowStreamResult Now()
    {
        lock (_gate)
            return new RowStreamResult(_accepted, _rejected, [.. _errors.OrderBy(e => e.Index)]);
    }
}
