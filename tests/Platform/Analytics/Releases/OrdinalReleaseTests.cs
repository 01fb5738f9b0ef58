using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

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
            dataset, [.. Enumerable.Range(0, 8).Select(i => Shop.Row(1, Shop.From.AddDays(i), "buy")), Shop.Row(2, Shop.From, null)]);
        Answer before = await host.AskAsync(Count);
        Assert.Equal(("nested", 5 + 1), (before.Plan.Truncation, before.Rows[0].Values[0].Value));

        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Answer replay = await host.AskAsync(Count);
        Assert.True(replay.Replayed);
        Assert.Equal(before.ReleaseId, replay.ReleaseId);
        Answer after = await host.AskAsync(Count, fresh: true);
        Assert.Equal(("ordinals", 5, 5 + 1), (after.Plan.Truncation, after.Plan.RowsPerWindow, after.Rows[0].Values[0].Value));
        Assert.Equal(after.ReleaseId, (await host.AskAsync(Count)).ReleaseId);
        Assert.Equal(before.Plan.Measures[0].Components[0].SigmaSquared, after.Plan.Measures[0].Components[0].SigmaSquared);
    }

    [Theory]
    [InlineData(TreatmentKind.Drop)]
    [InlineData(TreatmentKind.Seal)]
    public async Task Ranks_by_day_and_action_bound_no_question_once_the_action_went(TreatmentKind treatment)
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = host.Catalog.Find(Tenant.Default, EventsDataset.Name)!;
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        string[] actions = ["buy", "look", "return", "other", "fifth", "sixth"];
        long lsn = await host.SettleAsync(
            dataset, [new FrameColumn(dataset.CanonicalDimension!.Id, StoredType.Text)], [.. actions.Select(a => Row(1, a)), Row(2, "buy")]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        dataset = await host.Control.WriteAsync(
            transaction => host.Catalog.ChangeField(
                transaction, dataset.Id, EventsDataset.Action, f => f with { Treatment = new(treatment), Domain = null }),
            CancellationToken.None);
        Assert.Null(dataset.CanonicalDimension);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed.AddMinutes(1), lsn, CancellationToken.None);
        Answer answer = await host.Queries.AskAsync(
            AnalyticsHost.Analyst,
            new Query(EventsDataset.Name, [new(MeasureFunction.DistinctSubjects), new(MeasureFunction.Count)])
            {
                GroupBy = [new PeriodKey(Period.Day)],
                From = RangeEdge.At(Shop.From),
                To = RangeEdge.At(Shop.From.AddMonths(1)),
                Contribution = new ContributionBounds(31, 1),
                Epsilon = 1,
            },
            new AskOptions(),
            CancellationToken.None);
        // Two people, and a row of each.
        Assert.Equal(("nested", 2, 2), (answer.Plan.Truncation, answer.Rows[0].Values[0].Value, answer.Rows[0].Values[1].Value));

        static ProtectedRow Row(long subject, string action) => new(Rows.RandomKey(), subject, UnixMicros.From(Shop.From), [action], null);
    }

    [Fact]
    public async Task A_late_row_counts_in_the_window_of_its_time_from_the_next_tick_on()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerMonth));
        long lsn = await host.SettleAsync(dataset, [Shop.Row(1, Shop.From, "buy"), Shop.Row(1, Shop.From.AddMonths(1), "buy")]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Assert.Equal([1m, 1m], await MonthsAsync());
        lsn = await host.SettleAsync(dataset, [Shop.Row(2, Shop.From.AddDays(9), "buy")]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed.AddMinutes(1), lsn, CancellationToken.None);
        Assert.Equal([2m, 1m], await MonthsAsync());

        async Task<IEnumerable<decimal>> MonthsAsync()
        {
            Answer answer = await host.AskAsync(Count, fresh: true);
            Assert.Equal("ordinals", answer.Plan.Truncation);
            return answer.Rows.Take(2).Select(r => r.Values[0].Value);
        }
    }
}
