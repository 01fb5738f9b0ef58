using System.Numerics;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases.Live;

public class LiveCounterTests
{
    private static readonly MetricQuery Buys = new(
        "buys", new Query("shop", [new Measure(MeasureFunction.Count)]) { Where = [Expression.Condition("action", Operation.Equal, [Literal.Of("buy")])] }, true);

    [Fact]
    public async Task Any_number_of_looks_by_anybody_costs_once_a_period()
    {
        await using AnalyticsHost host = new();
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        LiveAnswer first = await LookAsync(host);
        Assert.True(first.Cost.NanoRho > 0);
        int charges = (await host.ChargesAsync()).Count;
        for (int i = 0; i < 20; i++)
        {
            await BuyAsync(host, dataset, i);
            host.Advance(TimeSpan.FromMinutes(i % 7));
            LiveAnswer[] looks = await Task.WhenAll(Enumerable.Range(0, 4).Select(c => LookAsync(host, $"caller-{c}")));
            Assert.All(looks, look => Assert.Equal(0, look.Cost.NanoRho));
            Assert.Single(looks.Select(l => l.Value).Distinct());
        }

        Assert.Equal(charges, (await host.ChargesAsync()).Count);
        Assert.Equal(Shop.Plan(Buys.Query).Cost.Value, first.Cost.NanoRho);
        // The next day is another counter.
        host.Advance(TimeSpan.FromDays(1));
        Assert.Equal(first.Cost.NanoRho, (await LookAsync(host)).Cost.NanoRho);
    }

    [Fact]
    public async Task Sixteen_at_once_who_know_nothing_of_each_other_are_charged_once_and_told_the_same()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        LiveCounters[] counters = [.. Enumerable.Range(0, 16).Select(_ => host.AnotherLive())];
        using Barrier start = new(counters.Length);
        LiveAnswer?[] looks = await Task.WhenAll(counters.Select((c, i) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return c.LookAsync(AnalyticsHost.Analyst with { Id = $"caller-{i}" }, Buys, Period.Day, true, CancellationToken.None);
            },
            TaskCreationOptions.LongRunning).Unwrap()));
        Assert.Single(looks, l => l!.Cost.NanoRho > 0);
        Assert.Single(looks.Select(l => (l!.Value, l.AsOf)).Distinct());
        Assert.Single((await host.ChargesAsync()).Select(c => c.Voucher).Distinct());
    }

    [Fact]
    public async Task Rows_of_a_join_have_no_live_counter()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        MetricQuery pairs = new("pairs", new Query(new JoinSource("shop", new DatasetSource("shop", "again")), [new Measure(MeasureFunction.Count)]), true);
        QueryRefusedException refused = await Assert.ThrowsAsync<QueryRefusedException>(
            () => host.Live.LookAsync(AnalyticsHost.Analyst, pairs, Period.Day, true, CancellationToken.None));
        Assert.Equal(RefusalCodes.InvalidMetric, refused.Code);
        Assert.Empty(await host.ChargesAsync());
    }

    [Fact]
    public async Task Without_noise_it_counts_the_bounded_rows_that_were_visible_at_the_first_look_of_each_step()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        Random random = new(1);
        Dictionary<int, int> rows = [];
        for (int i = 0; i < LongRuns.Times(20, 3); i++)
        {
            int unit = random.Next(5);
            await BuyAsync(host, dataset, unit);
            rows[unit] = rows.GetValueOrDefault(unit) + 1;
            if (random.Next(3) == 0)
                continue;
            // A new step, or several further on: what came in between is absorbed.
            host.Advance(TimeSpan.FromMinutes(5 + (5 * random.Next(4))));
            LiveAnswer look = await LookAsync(host);
            Assert.Equal(rows.Values.Sum(n => Math.Min(n, 5)), look.Value.Value);
            Assert.Equal(host.Clock.Current.AsOf, look.AsOf);
            await BuyAsync(host, dataset, unit);
            rows[unit]++;
            LiveAnswer again = await LookAsync(host);
            // Rows settle at a tick, which may begin the next step.
            if (again.Step == look.Step)
                Assert.Equal((look.Value, look.AsOf), (again.Value, again.AsOf));
            else
                Assert.Equal(rows.Values.Sum(n => Math.Min(n, 5)), again.Value.Value);
        }
    }

    [Fact]
    public async Task Its_margin_is_that_of_the_blocks_it_is_made_of()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        LiveAnswer look = await LookAsync(host);
        // 12:00 is after 144 of 288 steps, so in the 145th: two blocks of nine levels.
        Assert.Equal((145, 288), (look.Step, look.Steps));
        BinaryTreeCounting tree = BinaryTreeCounting.For(288, 5, Shop.Plan(Buys.Query).Cost);
        Assert.Equal(9, tree.Levels);
        Assert.Equal(tree.MarginOfError(145, 0.95), look.Value.Margin95);
        Assert.Equal(look.Value.Value + look.Value.Margin95, look.Value.High);
    }

    [Fact]
    public async Task A_restart_neither_charges_nor_draws_again()
    {
        using TemporaryFolder folder = new();
        ManualTime time = AnalyticsHost.Noon();
        LiveAnswer before;
        int draws = 0;
        NoiseDraw draw = (_, noise) =>
        {
            foreach (ref long one in noise)
                one = Interlocked.Increment(ref draws) * 1_000;
        };
        await using (AnalyticsHost host = new(draw, folder: folder.Path, time: time))
        {
            await host.DeclareAsync(Shop.Declaration());
            before = await LookAsync(host);
        }

        int drawn = draws;
        await using AnalyticsHost again = new(draw, folder: folder.Path, time: time);
        LiveAnswer after = await LookAsync(again);
        Assert.Equal((before.Value, before.AsOf, 0), (after.Value, after.AsOf, after.Cost.NanoRho));
        Assert.Equal(drawn, draws);
        // Step 145 is 128 + 16 + 1; step 146 shares the first two.
        time.Now = time.Now.AddMinutes(5);
        again.Tick();
        await LookAsync(again);
        Assert.Equal(drawn + 1, draws);
    }

    [Fact]
    public async Task A_look_that_fails_after_the_charge_is_completed_at_no_cost()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        await BuyAsync(host, dataset, 1);
        host.Events.Before = () => throw new InvalidOperationException("lost");
        await Assert.ThrowsAsync<EngineFailureException>(() => LookAsync(host));
        int charges = (await host.ChargesAsync()).Count;
        host.Events.Before = () => Task.CompletedTask;
        LiveAnswer look = await LookAsync(host);
        Assert.Equal((1, 0), (look.Value.Value, look.Cost.NanoRho));
        Assert.Equal(charges, (await host.ChargesAsync()).Count);
    }

    [Fact]
    public async Task Who_may_not_spend_sees_only_what_somebody_has_paid_for()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        Assert.Null(await host.Live.LookAsync(AnalyticsHost.Analyst, Buys, Period.Day, maySpend: false, CancellationToken.None));
        Assert.Empty(await host.ChargesAsync());
        LiveAnswer paid = await LookAsync(host);
        Assert.Equal(paid.Value, (await host.Live.LookAsync(AnalyticsHost.Analyst, Buys, Period.Day, maySpend: false, CancellationToken.None))!.Value);
    }

    [Fact]
    public async Task A_day_counter_charges_one_block_of_a_daily_unit()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerDay));
        LiveAnswer look = await LookAsync(host);
        Assert.Equal(1, look.Plan.Blocks);
        Assert.True(look.Cost.NanoRho > 0);
    }

    [Theory]
    [InlineData(MeasureFunction.DistinctSubjects)]
    [InlineData(MeasureFunction.Sum)]
    public async Task What_is_no_count_of_rows_is_refused(MeasureFunction function)
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        Measure measure = new(function, function == MeasureFunction.Sum ? "amount" : null);
        MetricQuery other = new("other", new Query("shop", [measure]), true);
        QueryRefusedException refused = await Assert.ThrowsAsync<QueryRefusedException>(
            () => host.Live.LookAsync(AnalyticsHost.Analyst, other, Period.Day, true, CancellationToken.None));
        Assert.Equal(RefusalCodes.InvalidMetric, refused.Code);
    }

    [Fact]
    public void One_unit_changes_the_blocks_by_no_more_than_the_bound()
    {
        Random random = new(7);
        const int Rows = 4;
        for (int run = 0; run < 2_000; run++)
        {
            int steps = random.Next(1, 300);
            int levels = BinaryTreeCounting.For(steps, Rows, new NanoRho(1_000_000)).Levels;
            // The unit's rows that are visible after each step.
            int[] visible = new int[steps + 1];
            for (int t = 1; t <= steps; t++)
                visible[t] = visible[t - 1] + (random.Next(20) == 0 ? random.Next(1, 2 * Rows) : 0);
            LiveNode[] blocks = [.. Enumerable.Range(1, steps).SelectMany(LiveTree.Of).Distinct()];
            int[] changes = [.. blocks.Select(b => Math.Min(visible[b.To], Rows) - Math.Min(visible[b.From], Rows))];
            Assert.InRange(blocks.Select(b => b.Level).DefaultIfEmpty(0).Max() + 1, 1, levels);
            Assert.InRange(changes.Sum(Math.Abs), 0, Rows * levels);
            Assert.InRange(changes.Sum(c => c * c), 0, Rows * Rows * levels);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(145)]
    [InlineData(255)]
    [InlineData(288)]
    public void The_first_steps_are_made_of_blocks_that_do_not_overlap(int step)
    {
        LiveNode[] blocks = [.. LiveTree.Of(step)];
        Assert.Equal(BitOperations.PopCount((uint)step), blocks.Length);
        Assert.Equal(0, blocks[0].From);
        Assert.Equal(step, blocks[^1].To);
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    private static Task<long> BuyAsync(AnalyticsHost host, Dataset dataset, int unit) =>
        host.SettleAsync(dataset, [Shop.Row(unit, host.Time.Now, "buy"), Shop.Row(unit, host.Time.Now, "look")]);

    private static async Task<LiveAnswer> LookAsync(AnalyticsHost host, string caller = "analyst") =>
        (await host.Live.LookAsync(AnalyticsHost.Analyst with { Id = caller }, Buys, Period.Day, maySpend: true, CancellationToken.None))!;
}
