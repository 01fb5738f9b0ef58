namespace Opaline.Server.RateLimiting;

/// <summary>Whose bucket a request is taken from.</summary>
/// <param name="Kind">Which limit applies.</param>
/// <param name="Name">The client, or the address.</param>
internal readonly record struct RateKey(RateKind Kind, string Name);
