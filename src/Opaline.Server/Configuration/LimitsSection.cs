namespace Opaline.Server.Configuration;

/// <summary>How large and how slow a request may be.</summary>
internal sealed class LimitsSection
{
    /// <summary>Bytes of a batch, compressed as well as decompressed.</summary>
    public int MaxBodyBytes { get; init; } = 10_000_000;

    /// <summary>Events of one batch.</summary>
    public int MaxEventsPerBatch { get; init; } = 10_000;

    /// <summary>Seconds a request may take.</summary>
    public int RequestSeconds { get; init; } = 60;

    internal void Check(Faults faults)
    {
        faults.Within(MaxBodyBytes, 65_536, 1_000_000_000, nameof(MaxBodyBytes));
        faults.Within(MaxEventsPerBatch, 1, 1_000_000, nameof(MaxEventsPerBatch));
        faults.Within(RequestSeconds, 1, 3600, nameof(RequestSeconds));
    }
}
