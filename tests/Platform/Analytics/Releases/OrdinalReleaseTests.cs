using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class OrdinalReleaseTests
{
    private static readonly Query Count = Shop.Count(new PeriodKey(Period.Month));

    [Fact]
    public async Task Sealing_changes_the_way_of_new_releases_and_lets_older_ones_replay()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerMonth));
        long lsn = await host.SettleAsync(
            dataset, Shop.ColumnsOf(dataset), [.. Enumerable.Range(0, 8).Select(i => Shop.Row(1, Shop.From.AddDays(i), "buy")), Shop.Row(2, Shop.From, null)]);
        Answer before = await AskAsync(fresh: false);
        Assert.Equal(("nested", 5 + 1), (before.Plan.Truncation, before.Rows[0].Values[0].Value));

        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Answer replay = await AskAsync(fresh: false);
        Assert.True(replay.Replayed);
        Assert.Equal(before.ReleaseId, replay.ReleaseId);
        Answer after = await AskAsync(fresh: true);
        Assert.Equal(("ordinals", 5, 5 + 1), (after.Plan.Truncation, after.Plan.RowsPerWindow, after.Rows[0].Values[0].Value));
        Assert.Equal(after.ReleaseId, (await AskAsync(fresh: false)).ReleaseId);
        Assert.Equal(before.Plan.Measures[0].Components[0].SigmaSquared, after.Plan.Measures[0].Components[0].SigmaSquared);

        Task<Answer> AskAsync(bool fresh) => host.Queries.AskAsync(AnalyticsHost.Analyst, Count, new AskOptions(Fresh: fresh), CancellationToken.None);
    }

    [Fact]
    public async Task A_late_row_counts_in_the_window_of_its_time_from_the_next_tick_on()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerMonth));
        long lsn = await host.SettleAsync(dataset, Shop.ColumnsOf(dataset), [Shop.Row(1, Shop.From, "buy"), Shop.Row(1, Shop.From.AddMonths(1), "buy")]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Assert.Equal([1m, 1m], await MonthsAsync());
        lsn = await host.SettleAsync(dataset, Shop.ColumnsOf(dataset), [Shop.Row(2, Shop.From.AddDays(9), "buy")]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed.AddMinutes(1), lsn, CancellationToken.None);
        Assert.Equal([2m, 1m], await MonthsAsync());

        async Task<IEnumerable<decimal>> MonthsAsync()
        {
            Answer answer = await host.Queries.AskAsync(AnalyticsHost.Analyst, Count, new AskOptions(Fresh: true), CancellationToken.None);
            Assert.Equal("ordinals", answer.Plan.Truncation);
            return answer.Rows.Take(2).Select(r => r.Values[0].Value);
        }
    }
}
