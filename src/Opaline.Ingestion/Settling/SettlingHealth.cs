namespace Opaline.Ingestion;

/// <summary>Whether rows reach the event store. Read by the health check.</summary>
public sealed class SettlingHealth
{
    private volatile string? _failure;

    /// <summary>Why settling has stopped, without the engine's words; null while it works. It stays stopped until a restart.</summary>
    public string? Failure => _failure;

    internal void Fail(string reason) => _failure ??= reason;
}
