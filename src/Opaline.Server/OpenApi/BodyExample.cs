namespace Opaline.Server.OpenApi;

/// <summary>Endpoint metadata: an example of the body.</summary>
/// <param name="Json">The example.</param>
/// <param name="Name">What tells it from others of the same body; null where it is the only one.</param>
/// <param name="Summary">What it shows.</param>
internal sealed record BodyExample(string Json, string? Name = null, string? Summary = null);
