namespace Opaline.Server.Endpoints;

/// <summary>Endpoint metadata: a parameter of the query string.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, for the contract.</param>
/// <param name="Example">An example, for the contract.</param>
/// <param name="Required">Whether the call is refused without it.</param>
internal sealed record QueryParameter(string Name, string Description, string? Example = null, bool Required = false);
