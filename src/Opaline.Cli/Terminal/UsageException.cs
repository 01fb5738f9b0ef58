namespace Opaline.Cli.Terminal;

/// <summary>Something on this side is not usable as it is; the message says what to do.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
