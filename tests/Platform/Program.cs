using Opaline.Platform.Tests.TokenVault.Rotation;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Opaline.Platform.Tests;

/// <summary>Runs the tests; called as <see cref="DrillServer.Verb"/> it is the process that the rotation drill kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [DrillServer.Verb, string folder, string url])
            return await DrillServer.RunAsync(folder, url);
        return args.Any(a => a is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
