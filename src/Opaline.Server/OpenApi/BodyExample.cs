namespace Opaline.Server.OpenApi;

/// <summary>Endpoint metadata: an example of the body.</summary>
/// <param name="Json">The example.</param>
internal sealed record BodyExample(string Json);
