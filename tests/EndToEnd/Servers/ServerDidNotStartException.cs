namespace Opaline.EndToEnd.Tests.Servers;

/// <summary>A server ended before it was ready.</summary>
internal sealed class ServerDidNotStartException(int exitCode, string output) : Exception($"The server ended with {exitCode}:\n{output}")
{
    public int ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}
