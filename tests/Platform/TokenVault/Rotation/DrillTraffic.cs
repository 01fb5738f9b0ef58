using System.Diagnostics;
using System.Globalization;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>Batches at a steady rate, whatever the server does meanwhile, and how long each took to be durable.</summary>
internal sealed class DrillTraffic(Func<byte[], Task> send) : IAsyncDisposable
{
    private const int BatchSize = 50;
    private const int Newcomers = 5;
    private const int AtOnce = 64;

    private static readonly int EventsPerSecond = LongRuns.Enabled ? 5_000 : 1_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(AtOnce);
    private readonly Lock _lock = new();
    private List<double> _milliseconds = [];
    private long _since = Stopwatch.GetTimestamp();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins; numbers of batches start at <paramref name="first"/>, so that another process brings other newcomers.</summary>
    public void Begin(int first) => _running = Task.Run(() => RunAsync(first));

    /// <summary>What was measured since the last call.</summary>
    public string Report()
    {
        lock (_lock)
        {
            double[] sorted = [.. _milliseconds.Order()];
            double seconds = Stopwatch.GetElapsedTime(_since).TotalSeconds;
            (_milliseconds, _since) = ([], Stopwatch.GetTimestamp());
            return sorted.Length == 0
                ? "no batch"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sorted.Length * BatchSize / seconds:0} events/s, durable after p50 {sorted[sorted.Length / 2]:0.0} p99 {sorted[sorted.Length * 99 / 100]:0.0} max {sorted[^1]:0.0} ms");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync(int first)
    {
        long begun = Stopwatch.GetTimestamp();
        List<Task> sending = [];
        for (int batch = 0; !_stop.IsCancellationRequested; batch++)
        {
            TimeSpan early = TimeSpan.FromSeconds((double)batch * BatchSize / EventsPerSecond) - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.Zero)
                await Task.Delay(early);
            await _room.WaitAsync();
            sending.RemoveAll(t => t.IsCompletedSuccessfully);
            sending.Add(SendAsync(first + batch));
        }

        await Task.WhenAll(sending);
    }

    private async Task SendAsync(int batch)
    {
        try
        {
            byte[] body = DrillPeople.Traffic(batch, BatchSize, Newcomers);
            long begun = Stopwatch.GetTimestamp();
            await send(body);
            lock (_lock)
                _milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        finally
        {
            _room.Release();
        }
    }
}
