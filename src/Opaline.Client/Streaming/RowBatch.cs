using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.Client.Streaming;

/// <summary>NDJSON lines on their way.</summary>
/// <param name="FirstRow">Number in the stream of the first row, from 0.</param>
/// <param name="Rows">How many.</param>
/// <param name="Body">The lines.</param>
internal sealed record RowBatch(long FirstRow, int Rows, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The batch's idempotency key: the same for the same rows at the same place of the same stream, another for anything else, so that neither a
    /// repetition is stored twice nor two equal batches once.
    /// </summary>
    public string Key(string stream)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{stream}\n{FirstRow}\n"));
        hash.AppendData(Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Cuts the rows into batches of at most the given size. A row must not hold a line break.</summary>
    public static async IAsyncEnumerable<RowBatch> CutAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> rows,
        RowStreamOptions options,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> body = new();
        long first = 0;
        int count = 0;
        await foreach (ReadOnlyMemory<byte> row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (count == options.BatchRows || (count > 0 && body.WrittenCount + row.Length + 1 > options.BatchBytes))
            {
                yield return new RowBatch(first, count, body.WrittenMemory);
                first += count;
                count = 0;
                body = new ArrayBufferWriter<byte>(body.WrittenCount);
            }

            body.Write(row.Span);
            body.Write("\n"u8);
            count++;
        }

        if (count > 0)
            yield return new RowBatch(first, count, body.WrittenMemory);
    }
}
