namespace Opaline.Client.Contracts;

/// <summary>Body of <c>POST /init</c>, which makes the first clients of a server that listens beyond loopback. It works once.</summary>
/// <param name="Code">Content of <c>keys/init.code</c> on the server's machine: whoever may read it may set the server up.</param>
public sealed record InitRequestDocument(string Code);
