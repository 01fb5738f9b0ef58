namespace Opaline.Client;

/// <summary>The server could not be reached, or the connection was lost, on every attempt.</summary>
public sealed class OpalineConnectionException(string message, Exception? inner = null) : Exception(message, inner);
