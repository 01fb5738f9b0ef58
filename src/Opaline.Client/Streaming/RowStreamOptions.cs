namespace Opaline.Client;

/// <summary>How a stream of rows is cut into batches and sent.</summary>
public sealed record RowStreamOptions
{
    /// <summary>
    /// Names the stream; null: a random name. The batches' idempotency keys derive from it, so that a batch whose answer was lost is not
    /// stored twice. To make a whole stream repeatable, give each row an <c>event_id</c>.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// What the <c>event_id</c>s are unique in, 1 to 128 visible ASCII characters; null: the client that sends them. With a source the stream
    /// can be repeated by another client too.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Most rows of a batch; 1 to 10,000, default 2,000.</summary>
    public int BatchRows { get; init; } = 2_000;

    /// <summary>Most bytes of a batch before compression; default 4 MB.</summary>
    public int BatchBytes { get; init; } = 4_000_000;

    /// <summary>Batches on their way at a time; 1 to 64, default 4.</summary>
    public int Connections { get; init; } = 4;

    internal RowStreamOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchRows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchRows, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Connections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Connections, 64);
        return this;
    }
}
