using System.Buffers;
using Opaline.Client.Samples;

namespace Opaline.LoadTest.Measurements;

/// <summary>Batches made ahead, so that making them is not measured. Sent again under another key they are other events.</summary>
internal sealed class EventBatches
{
    private const int People = 50_000;
    private const int Bodies = 100;

    private readonly byte[][] _bodies;
    private long _next;

    private EventBatches(int size, byte[][] bodies) => (Size, _bodies) = (size, bodies);

    /// <summary>Events in each.</summary>
    public int Size { get; }

    public static async Task<EventBatches> MakeAsync(int size, CancellationToken cancellationToken)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        byte[][] bodies = new byte[Bodies][];
        for (int i = 0; i < Bodies; i++)
        {
            ArrayBufferWriter<byte> body = new();
            await foreach (ReadOnlyMemory<byte> line in SampleEvents.MakeAsync(size, People, now.AddDays(-30), now, cancellationToken))
            {
                body.Write(line.Span);
                body.Write("\n"u8);
            }

            bodies[i] = body.WrittenSpan.ToArray();
        }

        return new EventBatches(size, bodies);
    }

    public (byte[] Body, string Key) Next()
    {
        long number = Interlocked.Increment(ref _next);
        return (_bodies[number % Bodies], $"load-{Size}-{number}-{Environment.TickCount64}");
    }
}
