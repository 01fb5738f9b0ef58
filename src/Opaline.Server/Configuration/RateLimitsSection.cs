namespace Opaline.Server.Configuration;

/// <summary>Requests per minute. A bucket of that size refills evenly, so a minute's worth may come at once.</summary>
internal sealed class RateLimitsSection
{
    /// <summary>Per client, for everything but sending events.</summary>
    public int Client { get; init; } = 1_200;

    /// <summary>Per client, for sending events.</summary>
    public int Ingest { get; init; } = 600_000;

    /// <summary>Per address, for callers without a valid token.</summary>
    public int Anonymous { get; init; } = 600;

    /// <summary>Per address, for the token endpoint.</summary>
    public int Token { get; init; } = 120;

    internal void Check(Faults faults)
    {
        faults.Within(Client, 1, 10_000_000, nameof(Client));
        faults.Within(Ingest, 1, 10_000_000, nameof(Ingest));
        faults.Within(Anonymous, 1, 10_000_000, nameof(Anonymous));
        faults.Within(Token, 1, 10_000_000, nameof(Token));
    }
}
