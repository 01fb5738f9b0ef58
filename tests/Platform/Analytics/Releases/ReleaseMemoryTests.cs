using System.Globalization;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class ReleaseMemoryTests
{
    private static readonly PlanSummary Plan = PlanSummaries.Of(Shop.Plan(Shop.Count()));

    [Fact]
    public void A_release_is_remembered_and_the_oldest_ones_give_way()
    {
        ReleaseMemory memory = new();
        ReleasedAnswer first = Add(0);
        Assert.Same(first, memory.Find("0"));
        Assert.Null(memory.Find("1"));
        // Together they have more rows than are kept.
        for (int id = 1; id <= 4; id++)
            Add(id);
        Assert.NotNull(memory.Find("4"));
        Assert.Null(memory.Find("0"));

        ReleasedAnswer Add(int number)
        {
            ReleasedAnswer answer = new(
                number.ToString(CultureInfo.InvariantCulture), DateTime.UnixEpoch, 1, [.. Enumerable.Repeat(new AnswerRow([], []), 50_000)], Plan);
            memory.Add(answer);
            return answer;
        }
    }
}
