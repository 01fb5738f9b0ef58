namespace Opaline.Server.Demo;

/// <summary>The two switches of the demo, taken out of the command line, as configuration would misread them.</summary>
/// <param name="Run">Whether <c>--demo</c> or <c>--demo-exit</c> was given.</param>
/// <param name="ExitAfterwards">Whether the server ends with the demo.</param>
/// <param name="Others">What is left for configuration.</param>
internal sealed record DemoArguments(bool Run, bool ExitAfterwards, string[] Others)
{
    private const string Demo = "--demo";
    private const string DemoExit = "--demo-exit";

    public static DemoArguments Parse(string[] arguments) => new(
        arguments.Contains(Demo) || arguments.Contains(DemoExit),
        arguments.Contains(DemoExit),
        [.. arguments.Where(a => a is not (Demo or DemoExit))]);
}
