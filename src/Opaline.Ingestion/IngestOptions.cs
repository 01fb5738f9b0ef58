namespace Opaline.Ingestion;

/// <summary>Limits of ingestion. They are public: a client may know them, and no rule depends on stored data.</summary>
public sealed class IngestOptions
{
    /// <summary>Most bytes of a decompressed body.</summary>
    public int MaxBodyBytes { get; set; } = 10_000_000;

    /// <summary>Most events of a batch.</summary>
    public int MaxEventsPerBatch { get; set; } = 10_000;

    /// <summary>Most bytes of one event.</summary>
    public int MaxEventBytes { get; set; } = 262_144;

    /// <summary>Most levels of objects and arrays in an event, itself included.</summary>
    public int MaxDepth { get; set; } = 16;

    /// <summary>Most UTF-8 bytes of a string value.</summary>
    public int MaxStringBytes { get; set; } = 8_192;

    /// <summary>Most properties of an event, those of nested objects included.</summary>
    public int MaxPropertiesPerEvent { get; set; } = 200;

    /// <summary>How far in the future a time may lie, for clocks that are fast.</summary>
    public TimeSpan FutureSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most rows that may wait for the settler before new batches wait too.</summary>
    public int MaxUnsettledRows { get; set; } = 100_000;

    /// <summary>How long an Idempotency-Key is remembered, and after an erasure the keys of its events: clients repeat what they sent for no longer.</summary>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromDays(7);
}
