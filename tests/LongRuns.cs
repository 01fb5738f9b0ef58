namespace Opaline.Tests;

/// <summary>Slow suites have a short form by default and a long one under OPALINE_LONG=1. Compiled into every test project.</summary>
internal static class LongRuns
{
    public static bool Enabled { get; } = Environment.GetEnvironmentVariable("OPALINE_LONG") == "1";

    public static int Times(int shortRun, int factor) => Enabled ? shortRun * factor : shortRun;
}
