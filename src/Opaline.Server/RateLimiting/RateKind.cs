namespace Opaline.Server.RateLimiting;

/// <summary>The limits of <see cref="Configuration.RateLimitsSection"/>.</summary>
internal enum RateKind
{
    Client,
    Ingest,
    Anonymous,
    Token,
}
