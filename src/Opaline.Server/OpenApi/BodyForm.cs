namespace Opaline.Server.OpenApi;

/// <summary>Endpoint metadata: one of several forms that the body may have.</summary>
/// <param name="Contract">The contract of the form.</param>
internal sealed record BodyForm(Type Contract);
