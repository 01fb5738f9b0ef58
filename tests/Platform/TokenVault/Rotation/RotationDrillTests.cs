using System.Globalization;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>
/// Keys are renewed in a process of its own while events come in and questions are asked; half-way it is killed (SIGKILL), and another goes on. The long form, by <c>OPALINE_LONG=1</c>, has
/// a million values, five million rows and 5,000 events a second.
/// </summary>
public class RotationDrillTests
{
    private static readonly int All = DrillPeople.Count * DrillPeople.ValuesEach;

    // The short form has little left for the kill to come in time.
    private static readonly int HalfWay = LongRuns.Enabled ? All / 2 : All / 8;

    private static readonly int[] Sample = [0, 1, DrillPeople.Count / 2, DrillPeople.Count - 1];

    [Fact]
    public async Task Every_answer_is_the_same_in_each_phase_and_every_value_is_sealed_anew_though_the_process_is_killed_half_way()
    {
        using TemporaryFolder folder = new();
        string url = Engines.FromNothing(folder.Path);
        string truth = DrillPeople.Truth();
        string values = All.ToString(CultureInfo.InvariantCulture);
        string[] tokens;
        await using (DrillProcess first = new(folder.Path, url))
        {
            await first.SayAsync("fill");
            Assert.Equal(values, await first.SayAsync("values"));
            Assert.Equal($"None {truth} None", await first.SayAsync("ask"));
            tokens = await TokensAsync(first);
            Assert.All(tokens, t => Assert.StartsWith("sub1_", t, StringComparison.Ordinal));
            await first.SayAsync("traffic 0");
            await first.SayAsync("add");
            Assert.Equal($"Added {truth} Added", await first.SayAsync("ask"));
            await first.SayAsync("promote");
            Assert.Equal($"Rewrapping {truth} Rewrapping", await first.SayAsync("ask"));
            await first.SayAsync("measured");
            await first.SayAsync("rewrap");
            long rewrapped;
            do
                rewrapped = long.Parse(await first.SayAsync("rewrapped"), CultureInfo.InvariantCulture);
            while (rewrapped < HalfWay);
            await first.KillAsync();
        }

        await using (DrillProcess second = new(folder.Path, url))
        {
            long done = long.Parse(await second.SayAsync("rewrapped"), CultureInfo.InvariantCulture);
            Assert.InRange(done, HalfWay, All);
            Assert.NotEqual("0", await second.SayAsync("older 2"));
            await second.SayAsync("traffic 1000000");
            // Some lie under the one version and some under the other.
            Assert.Equal($"Rewrapping {truth} Rewrapping", await second.SayAsync("ask"));
            await RevealAsync(second, tokens);
            await second.SayAsync("measured");
            await second.SayAsync("rewrap");
            int asked = 0;
            while (LongRuns.Enabled && await second.SayAsync("rewrapped") != "all")
            {
                Assert.StartsWith($"Rewrapping {truth} ", await second.SayAsync("ask"), StringComparison.Ordinal);
                asked++;
                await Task.Delay(1_000, TestContext.Current.CancellationToken);
            }

            string[] report = (await second.SayAsync("report")).Split(' ');
            string traffic = await second.SayAsync("measured");
            Assert.Equal("True", report[1]);
            Assert.Equal("0", await second.SayAsync("older 2"));
            // Those who came in while the new version was not yet primary were sealed anew too.
            long holders = long.Parse(report[0], CultureInfo.InvariantCulture);
            Assert.InRange(holders, All, long.Parse(await second.SayAsync("values"), CultureInfo.InvariantCulture));
            Report($"{holders - done} values in {report[2]} s, {asked} sets of questions answered meanwhile; {traffic}");

            Assert.Equal($"None {truth} None", await second.SayAsync("ask"));
            string[] fresh = await TokensAsync(second);
            Assert.All(fresh, t => Assert.StartsWith("sub2_", t, StringComparison.Ordinal));
            await RevealAsync(second, tokens);
            await second.SayAsync("end 1");
            Assert.Equal($"None {truth} None", await second.SayAsync("ask"));
            await RevealAsync(second, fresh);
            Assert.Equal(string.Join(' ', Sample.Select(_ => "nobody")), await second.SayAsync($"reveal {string.Join(' ', tokens)}"));
            Assert.Equal(0, await second.EndAsync());
        }
    }

    private static void Report(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(line));

    private static async Task<string[]> TokensAsync(DrillProcess process)
    {
        List<string> tokens = [];
        foreach (int person in Sample)
            tokens.Add(await process.SayAsync($"token {DrillPeople.Name(person)}"));
        return [.. tokens];
    }

    private static async Task RevealAsync(DrillProcess process, string[] tokens) =>
        Assert.Equal(string.Join(' ', Sample.Select(DrillPeople.Name)), await process.SayAsync($"reveal {string.Join(' ', tokens)}"));
}
