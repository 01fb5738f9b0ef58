namespace Opaline.Client;

/// <summary>How patient a client is.</summary>
public sealed record OpalineClientOptions
{
    /// <summary>How often a call is tried in all when the server is busy or the connection is lost; 1 to 100, default 8.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The wait before the second attempt; it doubles with each, half of it by chance. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, also of one that the server asks for by <c>Retry-After</c>: a longer one ends the call. Default 60 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    internal OpalineClientOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxAttempts, 100);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, FirstDelay);
        return this;
    }
}
