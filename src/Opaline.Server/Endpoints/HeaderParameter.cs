namespace Opaline.Server.Endpoints;

/// <summary>Endpoint metadata: a header that the call reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, for the contract.</param>
/// <param name="Example">An example, for the contract.</param>
internal sealed record HeaderParameter(string Name, string Description, string Example);
