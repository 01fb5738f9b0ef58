namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>GET /health/ready</c> and <c>/health/live</c>.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Checks">Each part with <c>ok</c> or what is wrong with it; no figures.</param>
public sealed record HealthDocument(string Status, IReadOnlyDictionary<string, string>? Checks = null);
