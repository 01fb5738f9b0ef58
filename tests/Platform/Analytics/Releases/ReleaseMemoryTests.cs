using System.Globalization;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class ReleaseMemoryTests
{
    private static readonly PlanSummary Plan = PlanSummaries.Of(Shop.Plan(Shop.Count()));

    [Fact]
    public void A_release_is_read_once_and_the_oldest_ones_give_way()
    {
        ReleaseMemory memory = new();
        int read = 0;
        ReleasedAnswer first = Get(0);
        Assert.Same(first, Get(0));
        Assert.Equal(1, read);
        // Together they have more rows than are kept.
        for (int id = 1; id <= 4; id++)
            Get(id);
        Assert.Equal(5, read);
        Get(4);
        Assert.Equal(5, read);
        Assert.NotSame(first, Get(0));
        Assert.Equal(6, read);

        ReleasedAnswer Get(int number)
        {
            string id = number.ToString(CultureInfo.InvariantCulture);
            return memory.Get(id, () =>
            {
                read++;
                AnswerRow row = new([], []);
                return new ReleasedAnswer(id, DateTime.UnixEpoch, 1, [.. Enumerable.Repeat(row, 50_000)], Plan);
            });
        }
    }
}
