namespace Opaline.DifferentialPrivacy;

/// <summary>Runs of a mechanism in batches on several threads.</summary>
internal sealed class AuditRuns<TInput>(AuditedMechanism<TInput> mechanism, AuditOptions options, CancellationToken cancellationToken)
{
    private const int BatchOutputs = 1 << 16;

    private readonly int _batchRuns = BatchOutputs / options.Width;
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };

    /// <summary>The outputs of runs, one after the other.</summary>
    public double[] Draw(TInput input, int runs)
    {
        double[] outputs = new double[checked(runs * options.Width)];
        Parallel.For(0L, Batches(runs), _parallel, batch =>
            mechanism(input, outputs.AsSpan((int)(batch * _batchRuns) * options.Width, BatchRuns(batch, runs) * options.Width)));
        return outputs;
    }

    /// <summary>In how many of that many runs each event happened.</summary>
    public long[] Count(TInput input, long runs, AuditEvent[] events)
    {
        long[] totals = new long[events.Length];
        Parallel.For(
            0L,
            Batches(runs),
            _parallel,
            () => (Counts: new long[events.Length], Outputs: new double[_batchRuns * options.Width], Scores: new double[_batchRuns]),
            (batch, _, local) =>
            {
                int size = BatchRuns(batch, runs);
                Span<double> outputs = local.Outputs.AsSpan(0, size * options.Width);
                mechanism(input, outputs);
                for (int i = 0; i < events.Length; i++)
                    local.Counts[i] += events[i].Count(outputs, local.Scores.AsSpan(0, size));
                return local;
            },
            local =>
            {
                for (int i = 0; i < totals.Length; i++)
                    Interlocked.Add(ref totals[i], local.Counts[i]);
            });
        return totals;
    }

    private long Batches(long runs) => (runs + _batchRuns - 1) / _batchRuns;

    private int BatchRuns(long batch, long runs) => (int)Math.Min(_batchRuns, runs - (batch * _batchRuns));
}
