using System.Text.RegularExpressions;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Demo;

/// <summary>The first of the two commands of the README.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task Demo_prints_four_answers_with_margins_and_cost_and_ends_when_told_to()
    {
        using TemporaryFolder folder = new();
        await using ServerProcess server = ServerProcess.Launch(folder.Path, arguments: ["--demo-exit", "--Opaline:Storage:TickSeconds=1"]);
        int exitCode = await server.WaitForExitAsync(TimeSpan.FromMinutes(2));
        string output = server.Output;
        Assert.True(exitCode == 0, output);

        // 7 days, 3 devices, 3 plans, 4 weeks.
        Assert.Equal(17, Margin().Count(output));
        Assert.Equal(4, Cost().Count(output));
        Assert.Contains("the same numbers, cost 0", output, StringComparison.Ordinal);
        Assert.Contains("dataset events", output, StringComparison.Ordinal);
        (long rows, long keys) = await StoredData.CountAsync(server.DataFolder, "events");
        Assert.Equal(100_000, rows);
        Assert.Equal(100_000, keys);
    }

    [GeneratedRegex(@"[\d,.]+ ± [\d,.]+")]
    private static partial Regex Margin();

    [GeneratedRegex(@"ρ 0\.0\d+ \(ε ")]
    private static partial Regex Cost();
}
