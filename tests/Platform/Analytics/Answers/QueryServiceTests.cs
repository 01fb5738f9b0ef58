using System.Text.Json;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Answers;

public class QueryServiceTests
{
    private static readonly Query Daily = Shop.Count(new PeriodKey(Period.Day)) with
    {
        From = RangeEdge.On(new DateOnly(2024, 3, 1)),
        To = RangeEdge.On(new DateOnly(2024, 3, 6)),
    };

    [Fact]
    public async Task An_answer_says_what_it_is_about_and_what_it_cost()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await host.AskAsync(Daily);
        Assert.Equal(["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04", "2024-03-05"], answer.Rows.Select(r => r.Keys[0]));
        Assert.All(answer.Rows, row =>
        {
            AnswerValue value = Assert.Single(row.Values);
            Assert.Equal(answer.Plan.Measures[0].Margin95, value.Margin95);
            Assert.Equal(value.Value - value.Margin95, value.Low);
            Assert.Equal(value.Value + value.Margin95, value.High);
        });
        Assert.False(answer.Replayed);
        Assert.Equal(host.Clock.Current.AsOf, answer.AsOf);
        Assert.Equal(host.Clock.Current.Number, answer.Epoch);
        Assert.Matches("^[0-9a-f]{32}$", answer.ReleaseId);
        Assert.Equal("subject", answer.Plan.Unit);
        Assert.Equal(3, answer.Cost.Accounts.Length);
        Assert.InRange(answer.Cost.Epsilon, 0.99, 1);
    }

    [Fact]
    public async Task Empty_cells_of_public_keys_get_noise_too()
    {
        await using AnalyticsHost host = await StartAsync((_, noise) => noise.Fill(7));
        Answer answer = await host.AskAsync(Shop.Count(new ExpressionKey("action"), new ExpressionKey("vip")) with { From = Day(12, 1), To = Day(12, 2) });
        Assert.Equal(6, answer.Rows.Length);
        Assert.All(answer.Rows, r => Assert.Equal(7, r.Values[0].Value));
    }

    [Fact]
    public async Task Without_noise_the_answer_is_the_bounded_truth()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Dataset dataset = host.Catalog.Find(Tenant.Default, "shop")!;
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(dataset,
        [
            Shop.Row(1, noon, "buy", "Wien", 5m), Shop.Row(1, noon, "buy", "Wien", 7m), Shop.Row(1, noon, "look", null, null),
            Shop.Row(2, noon.AddDays(1), "buy", "Graz", -9m), Shop.Row(2, noon.AddDays(1), "odd", "Graz", 1m),
        ]);
        Query query = new("shop",
        [
            new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "amount"), new Measure(MeasureFunction.Mean, "amount"),
            new Measure(MeasureFunction.DistinctSubjects),
        ])
        {
            GroupBy = [new ExpressionKey("action")],
        };
        Answer answer = await host.AskAsync(query);
        // 7 counts as 6, −9 as −2; "odd" is in no public cell.
        Assert.Equal([3m, 9m, 3m, 2m], answer.Rows.Single(r => r.Keys[0] == "buy").Values.Select(v => v.Value));
        Assert.Equal([1m, 0m, 2m, 1m], answer.Rows.Single(r => r.Keys[0] == "look").Values.Select(v => v.Value));
        Assert.Equal([0m, 0m, 2m, 0m], answer.Rows.Single(r => r.Keys[0] == "return").Values.Select(v => v.Value));
    }

    [Fact]
    public async Task Local_days_are_23_and_25_hours_long_where_clocks_change()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(bounds: new ContributionBounds(100, 1_000)));
        // One subject an hour of the year, so every row is a subject and nothing is cut off.
        DateTime start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(dataset, [.. Enumerable.Range(0, 366 * 24).Select(h => Shop.Row(h, start.AddHours(h), "buy"))]);
        Query query = Shop.Count(new PeriodKey(Period.Day)) with { TimeZone = "Europe/Vienna", From = Day(3, 1), To = Day(11, 1) };
        Answer days = await host.AskAsync(query);
        Assert.Equal(245, days.Rows.Length);
        Assert.Equal(23, days.Rows.Single(r => r.Keys[0] == "2024-03-31").Values[0].Value);
        Assert.Equal(25, days.Rows.Single(r => r.Keys[0] == "2024-10-27").Values[0].Value);
        Assert.Equal(243, days.Rows.Count(r => r.Values[0].Value == 24));
        Answer months = await host.AskAsync(query with { GroupBy = [new PeriodKey(Period.Month)] });
        Assert.Equal([743m, 720m, 744m, 720m, 744m, 744m, 720m, 745m], months.Rows.Select(r => r.Values[0].Value));
    }

    // A δ of 1/N, a κ or a bound that follows the data would tell how much there is.
    [Theory]
    [InlineData("action")]
    [InlineData("city")]
    public async Task A_plan_and_its_price_are_the_same_whatever_rows_there_are(string key)
    {
        await using AnalyticsHost host = await StartAsync();
        Query query = Shop.Count(new ExpressionKey(key));
        QueryPlanView before = await host.Queries.PlanAsync(AnalyticsHost.Analyst, query, CancellationToken.None);
        Dataset dataset = host.Catalog.Find(Tenant.Default, "shop")!;
        await host.SettleAsync(dataset, [.. Enumerable.Range(0, 3_000).Select(i => Shop.Row(i, Shop.From.AddMinutes(i), "buy", $"city {i % 7}", 6))]);
        QueryPlanView after = await host.Queries.PlanAsync(AnalyticsHost.Analyst, query, CancellationToken.None);
        Assert.Equal(before.Plan.PlanHash, after.Plan.PlanHash);
        Assert.Equal((before.Cost.NanoRho, before.Cost.Epsilon, before.Cost.AttoDelta), (after.Cost.NanoRho, after.Cost.Epsilon, after.Cost.AttoDelta));
        Assert.Equal((1e-6, 1e-6), (before.Cost.Delta, after.Cost.Delta));
    }

    [Fact]
    public async Task The_identical_plan_is_replayed_byte_for_byte_at_no_cost_to_whoever_may_ask()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Daily);
        await host.SettleAsync(host.Catalog.Find(Tenant.Default, "shop")!, [Shop.Row(9, new DateTime(2024, 3, 2, 0, 0, 0, DateTimeKind.Utc), "buy")]);
        int aggregations = host.Events.Aggregations;
        List<(string, long, long)> charges = await host.ChargesAsync();
        Query spelt = QueryJson.Parse(QueryJson.Write(Daily)) with { Epsilon = 1 };
        Answer second = await host.AskAsync(spelt, caller: AnalyticsHost.Analyst with { Id = "other" });

        Assert.True(second.Replayed);
        Assert.Equal(Released(first), Released(second));
        Assert.Equal((0, 0), (second.Cost.NanoRho, second.Cost.AttoDelta));
        Assert.Equal(0, second.Cost.Epsilon);
        Assert.Equal(aggregations, host.Events.Aggregations);
        Assert.Equal(charges, await host.ChargesAsync());
    }

    [Fact]
    public async Task A_fresh_answer_is_new_and_charged_in_full()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Daily);
        Answer second = await host.AskAsync(Daily, fresh: true);
        Assert.False(second.Replayed);
        Assert.NotEqual(first.ReleaseId, second.ReleaseId);
        Assert.Equal(first.Cost.NanoRho, second.Cost.NanoRho);
        Assert.Equal(2 * first.Cost.NanoRho, second.Cost.Accounts[0].SpentNanoRho);
        // The newest one is replayed from now on.
        Assert.Equal(second.ReleaseId, (await host.AskAsync(Daily)).ReleaseId);
    }

    [Fact]
    public async Task Age_decides_whether_a_release_is_replayed()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Daily);
        host.Advance(TimeSpan.FromHours(2));
        Assert.True((await host.AskAsync(Daily, maxAge: TimeSpan.FromHours(3))).Replayed);
        Answer second = await host.AskAsync(Daily, maxAge: TimeSpan.FromHours(1));
        Assert.False(second.Replayed);
        // The dataset's own age is a day.
        host.Advance(TimeSpan.FromHours(23));
        Assert.Equal(second.ReleaseId, (await host.AskAsync(Daily)).ReleaseId);
        host.Advance(TimeSpan.FromHours(2));
        Assert.False((await host.AskAsync(Daily)).Replayed);
        Assert.NotEqual(first.ReleaseId, second.ReleaseId);
    }

    [Fact]
    public async Task Sixteen_callers_of_one_plan_share_one_release_and_one_charge()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => Task.Delay(50);
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.AskAsync(Daily)));
        Assert.Single(answers.Select(a => a.ReleaseId).Distinct());
        Assert.Single(answers, a => !a.Replayed);
        Assert.Single(await host.ChargesAsync(), c => c.Kind == "dataset");
    }

    [Fact]
    public async Task Rows_after_the_tick_are_not_seen()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Dataset dataset = host.Catalog.Find(Tenant.Default, "shop")!;
        await host.Events.SettleAsync(
            [new InboxFrame(100, dataset.Id, RowFrame.Write(Shop.ColumnsOf(dataset), [Shop.Row(1, new DateTime(2024, 3, 2, 0, 0, 0, DateTimeKind.Utc), "buy")]))],
            CancellationToken.None);
        Assert.All((await host.AskAsync(Daily)).Rows, r => Assert.Equal(0, r.Values[0].Value));
        host.Time.Now += host.Clock.Period;
        host.Clock.Publish(host.Clock.DueNumber, 100);
        Assert.Equal(1, (await host.AskAsync(Daily, fresh: true)).Rows[1].Values[0].Value);
    }

    [Fact]
    public async Task The_epoch_advances_whether_or_not_data_changed()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Daily);
        host.Tick();
        Answer second = await host.AskAsync(Daily, fresh: true);
        Assert.Equal(first.Epoch + 1, second.Epoch);
    }

    [Fact]
    public async Task An_engine_failure_has_one_code_keeps_its_charge_and_the_plan_completes_under_it()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => throw new StorageFailureException("secret 4711");
        EngineFailureException failure = await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        Assert.DoesNotContain("4711", failure.ToString(), StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
        List<(string, long, long)> charges = await host.ChargesAsync();
        Assert.Equal(4, charges.Count);
        AuditRecord record = (await host.RecordsAsync())[0];
        Assert.Equal(EngineFailureException.Code, record.Outcome);

        host.Events.Before = () => Task.CompletedTask;
        Answer answer = await host.AskAsync(Daily);
        Assert.False(answer.Replayed);
        Assert.Equal(charges, await host.ChargesAsync());
        // The voucher is used up: the next one is charged.
        await host.AskAsync(Daily, fresh: true);
        Assert.Equal(8, (await host.ChargesAsync()).Count);
    }

    [Fact]
    public async Task Whatever_breaks_while_data_is_read_has_the_same_code()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => throw new OverflowException("secret 4711");
        EngineFailureException failure = await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        Assert.DoesNotContain("4711", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_cut_off_after_its_charge_completes_under_its_voucher_even_after_a_restart_and_without_budget()
    {
        using TemporaryFolder folder = new();
        await using (AnalyticsHost host = await StartAsync(folder: folder.Path, configure: o => o.Budgets.Dataset.Epsilon = 1.05))
        {
            using CancellationTokenSource cut = new();
            host.Events.Before = () => cut.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Queries.AskAsync(AnalyticsHost.Analyst, Daily, AskOptions.Default, cut.Token));
            Assert.Equal(4, (await host.ChargesAsync()).Count);
        }

        await using AnalyticsHost again = new(configure: o => o.Budgets.Dataset.Epsilon = 1.05, folder: folder.Path);
        Answer answer = await again.AskAsync(Daily);
        Assert.False(answer.Replayed);
        Assert.Equal(4, (await again.ChargesAsync()).Count);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => again.AskAsync(Daily, fresh: true));
        Assert.True((await again.AskAsync(Daily)).Replayed);
    }

    [Fact]
    public async Task A_release_survives_a_restart_byte_for_byte()
    {
        using TemporaryFolder folder = new();
        string released;
        await using (AnalyticsHost host = await StartAsync(folder: folder.Path))
            released = Released(await host.AskAsync(Daily));
        await using AnalyticsHost again = new(folder: folder.Path);
        Assert.Equal(released, Released(await again.AskAsync(Daily)));
    }

    [Fact]
    public async Task Charged_answers_and_failures_leave_on_the_clock_and_replays_at_once()
    {
        await using AnalyticsHost host = await StartAsync(configure: o => o.ReleaseClock = TimeSpan.FromMilliseconds(250));
        host.Time.Now = host.Time.Now.AddMilliseconds(30);
        await host.AskAsync(Daily);
        Assert.Equal([TimeSpan.FromMilliseconds(220)], host.Time.Skipped);
        Assert.Equal(0, host.Time.Now.Ticks % TimeSpan.FromMilliseconds(250).Ticks);

        host.Time.Now = host.Time.Now.AddMilliseconds(30);
        await host.AskAsync(Daily);
        Assert.Single(host.Time.Skipped);

        host.Events.Before = () => throw new StorageFailureException("failed");
        await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily, fresh: true));
        Assert.Equal(2, host.Time.Skipped.Count);
    }

    [Fact]
    public async Task A_release_and_its_record_come_to_be_on_the_clock_so_that_nothing_tells_when_the_engine_was_ready()
    {
        await using AnalyticsHost host = await StartAsync(configure: o => o.ReleaseClock = TimeSpan.FromMilliseconds(250));
        host.Time.Now = host.Time.Now.AddMilliseconds(30);
        await host.AskAsync(Daily);
        AuditPage page = await host.Audit.SearchAsync(new AuditFilter(Tenant.Default, Action: AuditActions.DataAccess), CancellationToken.None);
        Assert.Equal(0, page.Entries[0].At.Ticks % TimeSpan.FromMilliseconds(250).Ticks);
        long releasedAt = await host.Control.ReadAsync(connection => (long)connection.Scalar("SELECT released_at FROM release")!, CancellationToken.None);
        Assert.Equal(0, UnixMicros.ToDateTime(releasedAt).Ticks % TimeSpan.FromMilliseconds(250).Ticks);
    }

    [Fact]
    public async Task An_engine_that_takes_longer_than_its_limit_fails_as_any_other_and_the_record_has_the_plan()
    {
        await using AnalyticsHost host = await StartAsync(configure: o => o.EngineLimit = TimeSpan.FromMilliseconds(1));
        host.Events.Before = () => Task.Delay(200);
        await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        AuditRecord record = (await host.RecordsAsync())[0];
        Assert.Equal(EngineFailureException.Code, record.Outcome);
        Assert.Contains("\"plan\":", record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_completes_an_earlier_charge_says_that_this_call_cost_nothing()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => throw new StorageFailureException("failed");
        await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        host.Events.Before = () => Task.CompletedTask;
        Answer answer = await host.AskAsync(Daily);
        Assert.Equal((0, 0), (answer.Cost.NanoRho, answer.Cost.Epsilon));
        Assert.False(answer.Replayed);
    }

    [Fact]
    public async Task Noise_is_drawn_before_the_aggregate_is_read()
    {
        List<string> order = [];
        await using AnalyticsHost host = await StartAsync((_, noise) => order.Add($"noise {noise.Length}"));
        host.Events.Before = () =>
        {
            order.Add("read");
            return Task.CompletedTask;
        };
        await host.AskAsync(Daily);
        Assert.Equal(["noise 5", "read"], order);
        order.Clear();
        await host.AskAsync(Shop.Count(new ExpressionKey("city")));
        Assert.Equal([$"noise {QueryLimits.MaxCells}", $"noise {QueryLimits.MaxCells}", "read"], order);
    }

    [Fact]
    public async Task A_dry_run_touches_nothing_and_tells_plan_cost_and_what_is_left()
    {
        await using AnalyticsHost host = await StartAsync();
        QueryPlanView view = await host.Queries.PlanAsync(AnalyticsHost.Analyst, Daily, CancellationToken.None);
        Assert.True(view.Affordable);
        Assert.False(view.ReplayAvailable);
        Assert.Equal(0, host.Events.Aggregations);
        Assert.Empty(await host.ChargesAsync());
        Answer answer = await host.AskAsync(Daily);
        Assert.Equal(view.Cost.NanoRho, answer.Cost.NanoRho);
        Assert.Equal(view.Plan.PlanHash, answer.Plan.PlanHash);
        Assert.True((await host.Queries.PlanAsync(AnalyticsHost.Analyst, Daily, CancellationToken.None)).ReplayAvailable);
        Assert.False((await host.Queries.PlanAsync(AnalyticsHost.Analyst, Daily with { Epsilon = 20 }, CancellationToken.None)).Affordable);
    }

    [Fact]
    public async Task What_may_only_be_read_is_found_but_never_made()
    {
        await using AnalyticsHost host = await StartAsync();
        Assert.Null(await host.Queries.FindReleaseAsync(AnalyticsHost.Analyst, Daily, null, CancellationToken.None));
        Answer answer = await host.AskAsync(Daily);
        Answer? found = await host.Queries.FindReleaseAsync(AnalyticsHost.Analyst, Daily, null, CancellationToken.None);
        Assert.Equal(Released(answer), Released(found!));
        Assert.Equal(1, host.Events.Aggregations);
    }

    [Fact]
    public async Task Every_call_leaves_one_record_and_every_charge_another_without_values()
    {
        await using AnalyticsHost host = await StartAsync();
        Query query = Daily with { Where = [Expression.Condition("city", Operation.Equal, [Literal.Of("bob@example.com")])] };
        await host.AskAsync(query);
        await host.AskAsync(query);
        await host.Queries.PlanAsync(AnalyticsHost.Analyst, query, CancellationToken.None);
        await Assert.ThrowsAsync<QueryRefusedException>(() => host.AskAsync(query with { GroupBy = [new ExpressionKey("user")] }));
        await Assert.ThrowsAsync<QueryRefusedException>(() => host.AskAsync(query with { Source = "bob@example.com" }));
        List<AuditRecord> records = await host.RecordsAsync();
        Assert.Equal(
            [("data_access", "unknown_dataset"), ("data_access", "field_not_allowed"), ("dry_run", "ok"), ("data_access", "ok"), ("data_access", "ok"), ("budget_charge", "ok")],
            records.Select(r => (r.Action, r.Outcome)));
        Assert.All(records, r => Assert.Equal(("analyst", "analyst"), (r.Actor, r.Role)));
        Assert.All(records, r => Assert.DoesNotContain("bob", r.Object + r.Detail, StringComparison.Ordinal));
        Assert.Equal(["dataset", "dataset/shop"], records.Select(r => r.Object).Distinct());
        Assert.Contains("commitment", records[^2].Detail, StringComparison.Ordinal);
        Assert.Single(records, r => r.Detail?.Contains("charged_nano_rho", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_charge_stands_in_the_log_once_whatever_comes_of_its_answer()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => throw new InvalidOperationException("The engine gives up.");
        await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        await Assert.ThrowsAsync<EngineFailureException>(() => host.AskAsync(Daily));
        using CancellationTokenSource gone = new();
        host.Events.Before = () => gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Queries.AskAsync(AnalyticsHost.Analyst, Daily, AskOptions.Default, gone.Token));
        host.Events.Before = () => Task.CompletedTask;
        await host.AskAsync(Daily);

        // A restore replays charges from the log: what was charged is what its records add up to.
        AuditRecord charge = Assert.Single(await host.RecordsAsync(), r => r.Action == AuditActions.BudgetCharge);
        using JsonDocument detail = JsonDocument.Parse(charge.Detail!);
        Assert.Equal((await host.ChargesAsync())[0].NanoRho, detail.RootElement.GetProperty("charged_nano_rho").GetInt64());
        Assert.Equal((await host.ChargesAsync())[0].Voucher, detail.RootElement.GetProperty("voucher").GetInt64());
    }

    [Fact]
    public async Task A_release_that_cannot_be_stored_does_not_leave()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => host.Control.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<StorageFailureException>(() => host.AskAsync(Daily));
    }

    private static RangeEdge Day(int month, int day) => RangeEdge.On(new DateOnly(2024, month, day));

    private static string Released(Answer answer) => JsonSerializer.Serialize(new ReleasedAnswer(answer.ReleaseId, answer.AsOf, answer.Epoch, answer.Rows, answer.Plan).Write());

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null, Action<AnalyticsOptions>? configure = null, string? folder = null)
    {
        AnalyticsHost host = new(draw, configure, folder);
        await host.DeclareAsync(Shop.Declaration());
        return host;
    }
}
