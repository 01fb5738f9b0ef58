namespace Opaline.KeyManagement;

/// <summary>A key is not there, may not be used, or does not open what it should. The message says what to do and holds no key material.</summary>
public sealed class KeyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
