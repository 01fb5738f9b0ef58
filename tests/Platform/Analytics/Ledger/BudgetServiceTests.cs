using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public class BudgetServiceTests
{
    private static readonly Query Cheap = Shop.Count() with { Epsilon = 0.1 };

    [Fact]
    public async Task The_loss_of_a_person_is_the_sum_over_all_datasets_of_its_scope()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        await host.DeclareAsync(Shop.Declaration(name: "outlet"));
        await host.DeclareAsync(Shop.Declaration(name: "elsewhere") with { SubjectScope = "elsewhere" });
        long shop = (await host.AskAsync(Cheap)).Cost.NanoRho;
        long outlet = (await host.AskAsync(Cheap with { Source = "outlet", Epsilon = 0.2 })).Cost.NanoRho;
        long elsewhere = (await host.AskAsync(Cheap with { Source = "elsewhere", Epsilon = 0.3 })).Cost.NanoRho;
        BudgetView budget = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, Token);
        Assert.Equal(shop + outlet, budget.Scopes.Single(s => s.Scope == "shop").NanoRho);
        Assert.Equal(elsewhere, budget.Scopes.Single(s => s.Scope == "elsewhere").NanoRho);
        // A quota pays for all of them.
        Assert.Equal(shop + outlet + elsewhere, Account(budget, "analyst").SpentNanoRho);
    }

    [Fact]
    public async Task A_restart_forgets_no_balance_and_no_window()
    {
        using TemporaryFolder folder = new();
        ManualTime time = AnalyticsHost.Noon();
        BudgetView before;
        await using (AnalyticsHost host = new(folder: folder.Path, time: time))
        {
            await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerDay));
            await host.AskAsync(Cheap with { From = RangeEdge.On(new DateOnly(2024, 3, 1)), To = RangeEdge.On(new DateOnly(2024, 3, 11)) });
            await host.AskAsync(Cheap with { From = RangeEdge.On(new DateOnly(2024, 3, 6)), To = RangeEdge.On(new DateOnly(2024, 4, 1)) });
            before = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, Token);
        }

        // The clock of the machine is a year behind at the next start.
        time.Now = time.Now.AddYears(-1);
        await using AnalyticsHost again = new(folder: folder.Path, time: time);
        await again.Budgets.CheckAsync(Token);
        BudgetView after = await again.Budgets.ReadAsync(AnalyticsHost.Analyst, Token);
        AccountBalance[] spent = [.. before.Accounts.Where(a => a.SpentNanoRho > 0)];
        Assert.Equal(3, spent.Length);
        Assert.All(spent, a => Assert.Equal(a with { Forecast = null }, Account(after, a.Name) with { Forecast = null }));
        Assert.Equal(before.Blocks, after.Blocks);
        Assert.Equal(before.Scopes, after.Scopes);
    }

    [Fact]
    public async Task A_name_is_taken_for_good_so_that_what_is_imported_again_finds_its_balance()
    {
        await using AnalyticsHost host = new();
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        long cost = (await host.AskAsync(Cheap)).Cost.NanoRho;
        await Assert.ThrowsAsync<CatalogRuleException>(() => host.DeclareAsync(Shop.Declaration()));
        await host.SettleAsync(dataset, [Shop.Row(1, new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc), "buy")]);
        Answer again = await host.AskAsync(Cheap, fresh: true);
        Assert.Equal(2 * cost, again.Cost.Accounts[0].SpentNanoRho);
    }

    [Fact]
    public async Task History_tells_the_days_on_which_something_was_charged_and_no_earlier_one_than_was_asked_for()
    {
        await using AnalyticsHost host = new();
        await host.DeclareAsync(Shop.Declaration());
        long cost = (await host.AskAsync(Cheap)).Cost.NanoRho;
        DateOnly first = DateOnly.FromDateTime(host.Clock.Current.AsOf);
        host.Advance(TimeSpan.FromDays(3));
        await host.AskAsync(Cheap, fresh: true);
        await host.AskAsync(Cheap, fresh: true);
        DaySpend[] days = [new(first, 1, cost, 0), new(first.AddDays(3), 2, 2 * cost, 0)];
        foreach ((int asked, DaySpend[] told) in ((int, DaySpend[])[])[(4, days), (400, days), (3, days[1..]), (1, days[1..])])
        {
            BudgetView budget = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, asked, Token);
            Assert.All((string[])["shop", "research", "analyst"], name => Assert.Equal(told, Account(budget, name).History));
            Assert.Empty(Account(budget, "events").History);
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.Budgets.ReadAsync(AnalyticsHost.Analyst, 401, Token));
    }

    [Theory]
    // 179.5 of 365 days are over.
    [InlineData(365, 0.1, false)]
    [InlineData(365, 0.9, true)]
    // Never refilled: it always ends, sooner or later.
    [InlineData(null, 0.3, true)]
    public async Task A_forecast_says_when_a_window_would_be_spent_or_that_it_lasts(int? windowDays, double epsilon, bool ends)
    {
        await using AnalyticsHost host = new(configure: o => o.Budgets.Dataset = new AccountOptions { Epsilon = 1, WindowDays = windowDays });
        await host.DeclareAsync(Shop.Declaration());
        Assert.Equal(new BudgetForecast(0, null), Account(await host.Budgets.ReadAsync(AnalyticsHost.Analyst, Token), "shop").Forecast);
        await host.AskAsync(Cheap with { Epsilon = epsilon });
        DateTime charged = host.Clock.Current.AsOf;
        if (windowDays is null)
        {
            host.Advance(TimeSpan.FromDays(4));
        }

        BudgetView budget = await host.Budgets.ReadAsync(AnalyticsHost.Analyst, Token);
        AccountBalance account = Account(budget, "shop");
        BudgetForecast forecast = account.Forecast!;
        double days = (budget.AsOf - (windowDays is null ? charged : account.WindowEnds!.Value.AddDays(-365))).TotalDays;
        Assert.InRange(forecast.NanoRhoPerDay, account.SpentNanoRho / days, (account.SpentNanoRho / days) + 1);
        if (ends)
            Assert.Equal(budget.AsOf.AddDays(account.LeftNanoRho * days / account.SpentNanoRho), forecast.Ends!.Value, TimeSpan.FromSeconds(1));
        else
            Assert.Null(forecast.Ends);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AccountBalance Account(BudgetView budget, string name) => budget.Accounts.Single(a => a.Name == name);
}
