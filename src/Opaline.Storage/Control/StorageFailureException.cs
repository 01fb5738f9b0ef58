namespace Opaline.Storage;

/// <summary>A database could not read or write. The engine's own text is never in the message, as it can hold values.</summary>
public sealed class StorageFailureException(string message, Exception? inner = null) : Exception(message, inner);
