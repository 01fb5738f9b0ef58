namespace Opaline.Server.Configuration;

/// <summary>The server cannot start with this configuration. Each message names its key and says what would do.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> messages)
    : Exception("The configuration has faults:" + string.Concat(messages.Select(m => Environment.NewLine + "  " + m)))
{
    public IReadOnlyList<string> Messages { get; } = messages;
}
