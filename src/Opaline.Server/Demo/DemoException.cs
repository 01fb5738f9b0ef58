namespace Opaline.Server.Demo;

/// <summary>The demo cannot run here; the message says what to do.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
