namespace Opaline.Cli.Terminal;

/// <summary>Reports on the spot: the framework's Progress would post, and could report after the end.</summary>
internal sealed class ImmediateProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
