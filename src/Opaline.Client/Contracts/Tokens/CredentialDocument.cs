namespace Opaline.Client.Contracts;

/// <summary>One entry of <c>keys/credentials.json</c>, which is an array of them.</summary>
/// <param name="ClientId">OAuth client id.</param>
/// <param name="ClientSecret">Its secret.</param>
/// <param name="Role"><c>admin</c>, <c>analyst</c>, <c>viewer</c>, <c>auditor</c> or <c>ingest</c>.</param>
public sealed record CredentialDocument(string ClientId, string ClientSecret, string Role);
