using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public class LedgerTests
{
    private static readonly Query Cheap = Shop.Count() with { Epsilon = 0.1 };

    [Fact]
    public async Task A_query_charges_all_accounts_its_full_cost_once()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await host.AskAsync(Cheap);
        List<(string Kind, long NanoRho, long Voucher)> charges = await host.ChargesAsync();
        Assert.Equal(["dataset", "department", "principal", "scope"], charges.Select(c => c.Kind));
        Assert.All(charges, c => Assert.Equal(answer.Cost.NanoRho, c.NanoRho));
        Assert.Single(charges.Select(c => c.Voucher).Distinct());
        Assert.All(answer.Cost.Accounts, a => Assert.Equal(a.LimitNanoRho - answer.Cost.NanoRho, a.LeftNanoRho));
    }

    [Fact]
    public async Task An_account_is_worth_its_epsilon_at_the_configured_delta()
    {
        await using AnalyticsHost host = await StartAsync(o => o.DefaultDelta = 1e-9);
        AccountBalance dataset = (await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None)).Accounts.Single(a => a is { Kind: AccountKind.Dataset, Name: "shop" });
        Assert.Equal(Zcdp.RhoFor(host.Options.Budgets.Dataset.Epsilon, 1e-9).Value, dataset.LimitNanoRho);
    }

    [Fact]
    public async Task Queries_about_different_months_of_a_whole_history_add_up()
    {
        await using AnalyticsHost host = await StartAsync();
        long cost = 0;
        for (int month = 1; month <= 3; month++)
        {
            Answer answer = await host.AskAsync(Cheap with { From = RangeEdge.On(new DateOnly(2024, month, 1)), To = RangeEdge.On(new DateOnly(2024, month + 1, 1)) });
            cost += answer.Cost.NanoRho;
            Assert.Equal(cost, answer.Cost.Accounts[0].SpentNanoRho);
        }
    }

    [Fact]
    public async Task Blocks_of_a_period_unit_pay_in_full_and_only_where_they_were_read()
    {
        await using AnalyticsHost host = await StartAsync(unit: PrivacyUnit.SubjectPerDay);
        Answer first = await host.AskAsync(Cheap with { From = Day(3, 1), To = Day(3, 11) });
        Answer second = await host.AskAsync(Cheap with { From = Day(4, 1), To = Day(4, 11) });
        Assert.Equal(first.Cost.NanoRho, second.Cost.Accounts[0].SpentNanoRho);
        Answer across = await host.AskAsync(Cheap with { From = Day(3, 6), To = Day(4, 6) });
        Assert.Equal(2 * first.Cost.NanoRho, across.Cost.Accounts[0].SpentNanoRho);
        Assert.Equal(10, first.Plan.Blocks);

        BudgetView budget = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None);
        long cost = first.Cost.NanoRho;
        Assert.Equal(
            [
                ("2024-03-01", "2024-03-06", cost), ("2024-03-06", "2024-03-11", 2 * cost), ("2024-03-11", "2024-04-01", cost),
                ("2024-04-01", "2024-04-06", 2 * cost), ("2024-04-06", "2024-04-11", cost),
            ],
            budget.Blocks.Select(b => ($"{b.From:yyyy-MM-dd}", $"{b.To:yyyy-MM-dd}", b.SpentNanoRho)));
        // The quotas of people know no blocks.
        Assert.Equal(3 * cost, budget.Accounts.Single(a => a.Kind == AccountKind.Principal).SpentNanoRho);
    }

    [Fact]
    public async Task A_foreign_zone_charges_every_block_that_it_touches()
    {
        await using AnalyticsHost host = await StartAsync(unit: PrivacyUnit.SubjectPerDay);
        Answer answer = await host.AskAsync(Cheap with { From = Day(3, 1), To = Day(3, 2), TimeZone = "Asia/Tokyo" });
        Assert.Equal(2, answer.Plan.Blocks);
        Answer week = await host.AskAsync(Cheap with { From = Day(3, 1), To = Day(3, 2), GroupBy = [new PeriodKey(Period.Week)] });
        Assert.Equal(1, week.Plan.Blocks);
    }

    [Fact]
    public async Task Without_a_range_the_declared_one_pays_whatever_data_there_is()
    {
        await using AnalyticsHost host = await StartAsync(unit: PrivacyUnit.SubjectPerMonth);
        Assert.Equal(12, (await host.AskAsync(Cheap)).Plan.Blocks);
    }

    [Theory]
    // cells that hold several days of a person: (Σ√ρ)²; one cell per day: Σρ
    [InlineData(false, 100)]
    [InlineData(true, 10)]
    public async Task The_loss_of_a_whole_person_is_tallied_for_the_subject_scope(bool daily, long factor)
    {
        await using AnalyticsHost host = await StartAsync(unit: PrivacyUnit.SubjectPerDay);
        Query query = Cheap with { From = Day(3, 1), To = Day(3, 11), GroupBy = daily ? [new PeriodKey(Period.Day)] : [] };
        Answer answer = await host.AskAsync(query);
        ScopeSpend scope = Assert.Single((await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None)).Scopes, s => s.Scope == "shop");
        Assert.Equal(factor * answer.Cost.NanoRho, scope.NanoRho);
        Assert.True(scope.Epsilon > answer.Cost.Epsilon);
        Assert.Equal(0, scope.AttoDelta);
    }

    [Fact]
    public async Task The_delta_of_key_selection_is_shown_over_all_windows_and_of_a_person_over_all_blocks()
    {
        await using AnalyticsHost host = await StartAsync(
            o => o.Budgets.Dataset = new AccountOptions { Epsilon = 1, Delta = 1e-5, WindowDays = 1 }, unit: PrivacyUnit.SubjectPerDay);
        Query query = Shop.Count(new ExpressionKey("city")) with { Epsilon = 0.5, From = Day(3, 1), To = Day(3, 11) };
        QueryPlan plan = Shop.Plan(query, host.Catalog.Find(Tenant.Default, "shop"));
        long delta = plan.AttoDelta;
        Assert.True(delta > 0);
        for (int window = 1; window <= 2; window++)
        {
            AccountBalance account = (await host.AskAsync(query, fresh: true)).Cost.Accounts[0];
            Assert.Equal((delta, window * delta), (account.SpentAttoDelta, account.LifetimeAttoDelta));
            host.Advance(TimeSpan.FromDays(1));
        }

        BudgetView view = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None);
        AccountBalance refilled = view.Accounts.Single(a => a.Name == "shop");
        Assert.Equal((0, 2 * delta), (refilled.SpentAttoDelta, refilled.LifetimeAttoDelta));
        Assert.Equal(2 * 10 * delta, view.Scopes.Single(s => s.Scope == "shop").AttoDelta);
    }

    [Fact]
    public async Task A_spent_budget_says_what_is_left_where_and_when_more_comes_and_leaves_the_store_alone()
    {
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset.Epsilon = 1);
        Query query = Shop.Count() with { Epsilon = 0.9 };
        long cost = (await host.AskAsync(query)).Cost.NanoRho;
        int aggregations = host.Events.Aggregations;
        List<(string, long, long)> charges = await host.ChargesAsync();

        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(query, fresh: true));
        Assert.Equal(AccountKind.Dataset, refusal.Account.Kind);
        Assert.Equal("shop", refusal.Account.Name);
        Assert.True(refusal.Account.LeftNanoRho > 0 && refusal.Account.LeftNanoRho < cost);
        Assert.NotNull(refusal.MoreAt);
        Assert.True(refusal.MoreAt > host.Time.Now && refusal.MoreAt <= host.Time.Now.AddDays(30));
        Assert.Contains("dataset \"shop\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("More comes on 2024-", refusal.Message, StringComparison.Ordinal);

        Assert.Equal(aggregations, host.Events.Aggregations);
        Assert.Equal(charges, await host.ChargesAsync());
        Assert.Equal(BudgetExhaustedException.Code, (await host.RecordsAsync())[0].Outcome);
        // What was released before still answers.
        Assert.True((await host.AskAsync(query)).Replayed);
    }

    [Theory]
    [InlineData(AccountKind.Department)]
    [InlineData(AccountKind.Principal)]
    public async Task Every_account_must_hold_the_cost_or_none_pays(AccountKind kind)
    {
        await using AnalyticsHost host = await StartAsync(o =>
        {
            if (kind == AccountKind.Department)
                o.Budgets.Departments["research"] = new AccountOptions { Epsilon = 0.05 };
            else
                o.Budgets.Principals["analyst"] = new AccountOptions { Epsilon = 0.05, WindowDays = null };
        });
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Cheap));
        Assert.Equal(kind, refusal.Account.Kind);
        Assert.Equal(kind == AccountKind.Department, refusal.MoreAt is not null);
        Assert.Empty(await host.ChargesAsync());
        await host.AskAsync(Cheap, caller: AnalyticsHost.Analyst with { Id = "other", Department = "sales" });
    }

    [Fact]
    public async Task Sixty_four_concurrent_calls_spend_a_budget_for_ten_exactly_ten_times()
    {
        QueryPlan plan = Shop.Plan(Cheap);
        await using AnalyticsHost host = await StartAsync();
        long limit = 0;
        // A limit in ε is rounded down to ρ: take one that holds ten and a half.
        for (double epsilon = 0.2; limit < (plan.Cost.Value * 21 / 2); epsilon += 0.001)
        {
            host.Options.Budgets.Dataset.Epsilon = epsilon;
            limit = Opaline.DifferentialPrivacy.Zcdp.RhoFor(epsilon, 1e-6).Value;
        }

        Assert.InRange(limit, plan.Cost.Value * 10, (plan.Cost.Value * 11) - 1);
        int answered = 0;
        int refused = 0;
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, cancellationToken) =>
        {
            Query query = Cheap with { Where = [Expression.Condition("city", Operation.NotEqual, [Literal.Of($"n{i}")])] };
            try
            {
                await host.Queries.AskAsync(AnalyticsHost.Analyst with { Id = $"analyst{i}" }, query, AskOptions.Default, cancellationToken);
                Interlocked.Increment(ref answered);
            }
            catch (BudgetExhaustedException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        Assert.Equal(10, answered);
        Assert.Equal(54, refused);
        List<(string Kind, long NanoRho, long Voucher)> charges = await host.ChargesAsync();
        Assert.Equal(10, charges.Count(c => c.Kind == "dataset"));
        Assert.Equal(10 * plan.Cost.Value, charges.Where(c => c.Kind == "dataset").Sum(c => c.NanoRho));
    }

    [Fact]
    public async Task A_new_window_refills_but_the_lifetime_loss_stays_and_a_clock_that_goes_back_refills_nothing()
    {
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset = new AccountOptions { Epsilon = 0.12, WindowDays = 1 });
        Dataset dataset = host.Catalog.Find(Tenant.Default, "shop")!;
        Answer first = await host.AskAsync(Cheap);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Cheap, fresh: true));

        host.Advance(TimeSpan.FromDays(1));
        Answer second = await host.AskAsync(Cheap, fresh: true);
        AccountBalance account = second.Cost.Accounts[0];
        Assert.Equal(first.Cost.NanoRho, account.SpentNanoRho);
        Assert.Equal(2 * first.Cost.NanoRho, account.LifetimeNanoRho);
        Assert.True(account.LifetimeEpsilon > first.Cost.Epsilon);

        // Yesterday's window is gone for good: its number lies behind the newest one.
        QueryPlan plan = Shop.Plan(Cheap, dataset);
        Opaline.Analytics.Ledger ledger = host.Ledger;
        await Assert.ThrowsAsync<BudgetExhaustedException>(
            () => ledger.ChargeAsync(AnalyticsHost.Analyst, [plan], host.Time.Now.AddDays(-1), CancellationToken.None));
    }

    [Fact]
    public async Task A_changed_window_length_forgets_no_charge_of_the_running_window()
    {
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset = new AccountOptions { Epsilon = 0.12, WindowDays = 30 });
        await host.AskAsync(Cheap);
        foreach (int? days in new int?[] { 7, 365, null, 30 })
        {
            host.Options.Budgets.Dataset.WindowDays = days;
            AccountBalance account = (await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None)).Accounts.Single(a => a.Name == "shop");
            // A shorter window may have begun since; a longer or endless one holds what is spent.
            if (days != 7)
                Assert.True(account.SpentNanoRho > 0);
        }
    }

    [Fact]
    public async Task Key_selection_charges_its_delta_and_a_spent_delta_is_exhausted_too()
    {
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset.Delta = 1.2e-6);
        Query query = Shop.Count(new ExpressionKey("city")) with { Epsilon = 0.1 };
        Answer answer = await host.AskAsync(query);
        Assert.InRange(answer.Cost.AttoDelta, 1, 500_000_000_000);
        Assert.Equal(answer.Cost.AttoDelta, answer.Cost.Accounts[0].SpentAttoDelta);
        await host.AskAsync(query, fresh: true);
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(query, fresh: true));
        Assert.Contains("δ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_version_of_a_dataset_inherits_its_balance()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await host.AskAsync(Cheap);
        Dataset dataset = host.Catalog.Find(Tenant.Default, "shop")!;
        await host.Control.WriteAsync(
            transaction => host.Catalog.ChangeField(transaction, dataset.Id, "vip", f => f with { Domain = ["true"] }), CancellationToken.None);
        Answer again = await host.AskAsync(Cheap);
        Assert.Equal(2, again.Plan.SchemaVersion);
        Assert.False(again.Replayed);
        Assert.Equal(2 * answer.Cost.NanoRho, again.Cost.Accounts[0].SpentNanoRho);
    }

    [Fact]
    public async Task Reading_budgets_leaves_a_record()
    {
        await using AnalyticsHost host = await StartAsync();
        BudgetView budget = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, CancellationToken.None);
        Assert.Contains(budget.Accounts, a => a is { Kind: AccountKind.Dataset, Name: "shop", SpentNanoRho: 0 });
        Assert.Contains(budget.Accounts, a => a is { Kind: AccountKind.Department, Name: "research" });
        Assert.Contains(budget.Accounts, a => a is { Kind: AccountKind.Principal, Name: "analyst" });
        Assert.Equal("budget_read", (await host.RecordsAsync())[0].Action);
    }

    private static RangeEdge Day(int month, int day) => RangeEdge.On(new DateOnly(2024, month, day));

    private static async Task<AnalyticsHost> StartAsync(Action<AnalyticsOptions>? configure = null, PrivacyUnit unit = PrivacyUnit.Subject)
    {
        AnalyticsHost host = new(configure: configure);
        await host.DeclareAsync(Shop.Declaration(unit));
        return host;
    }
}
