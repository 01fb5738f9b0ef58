namespace Opaline.DifferentialPrivacy;

/// <summary>How an audit is made. All numbers of runs are for each of the two inputs.</summary>
public sealed record AuditOptions
{
    /// <summary>The default numbers of runs, at a confidence of 1 − 10^-6, for a mechanism of this output width.</summary>
    /// <param name="width">The numbers in the output of one run, in [1, 64]. Of a wider output, audit a part or a summary: its loss is no
    /// greater.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width lies outside [1, 64].</exception>
    public AuditOptions(int width)
    {
        Domain.Within(width, 1, 64);
        Width = width;
    }

    /// <summary>The numbers in the output of one run.</summary>
    public int Width { get; }

    /// <summary>
    /// The runs from which events are learned, and as many again from which the most promising are chosen; in [10, 2^24]. Both are kept
    /// in memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside its range.</exception>
    public int TrainingRuns
    {
        get;
        init
        {
            Domain.Within(value, 10, 1 << 24, nameof(TrainingRuns));
            field = value;
        }
    } = 200_000;

    /// <summary>The fresh runs on which the bound rests, in [10, 2^40].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside its range.</exception>
    public long FinalRuns
    {
        get;
        init
        {
            Domain.Within(value, 10, ClopperPearson.GreatestTrials, nameof(FinalRuns));
            field = value;
        }
    } = 4_000_000;

    /// <summary>The least chance that the bound holds, in [0.5, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside its range.</exception>
    public double Confidence
    {
        get;
        init
        {
            Domain.Confidence(value, nameof(Confidence));
            if (value < 0.5)
                throw new ArgumentOutOfRangeException(nameof(Confidence), value, "Confidence must be at least 0.5.");
            field = value;
        }
    } = 1 - 1e-6;

    /// <summary>δ, in [0, 1): the bound is on the ε for which the mechanism may be (ε, δ)-differentially private.</summary>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside [0, 1).</exception>
    public double Delta
    {
        get;
        init
        {
            Domain.Delta(value, nameof(Delta));
            field = value;
        }
    }

    /// <summary>The threads that run the mechanism, at least 1; 1 where it may not be called from several.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int Threads
    {
        get;
        init
        {
            Domain.AtLeastOne(value, nameof(Threads));
            field = value;
        }
    } = Environment.ProcessorCount;
}
