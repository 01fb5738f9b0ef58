using System.Collections.Concurrent;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Ledger;

/// <summary>What the ledger promises on every control store, however many ask at once. </summary>
public class LedgerRaceTests
{
    private const int Room = 100;
    private const int Plans = 1_000;
    private const int Callers = 64;

    private int _aggregations;

    private static AnalyticsHost Open(Action<AnalyticsOptions> configure) => new(configure: configure);

    [Theory]
    [InlineData(PrivacyUnit.Subject, AccountKind.Dataset)]
    [InlineData(PrivacyUnit.SubjectPerDay, AccountKind.Dataset)]
    [InlineData(PrivacyUnit.Subject, AccountKind.Department)]
    public async Task Of_a_thousand_plans_exactly_those_are_charged_that_the_account_has_room_for(PrivacyUnit unit, AccountKind tight)
    {
        Assert.SkipWhen(
            Engines.OnPostgres && !LongRuns.Enabled && (unit, tight) != (PrivacyUnit.Subject, AccountKind.Dataset), "Who races is the same on both stores: set OPALINE_LONG=1.");
        long cost = Shop.Plan(Question(0), Shop.Dataset(unit)).Cost.Value;
        await using AnalyticsHost host = Open(o =>
        {
            o.Budgets.Dataset.Epsilon = o.Budgets.Department.Epsilon = o.Budgets.Principal.Epsilon = 1_000;
            (tight == AccountKind.Dataset ? o.Budgets.Dataset : o.Budgets.Department).Epsilon = EpsilonFor(Room, cost, o.DefaultDelta);
        });
        await host.DeclareAsync(Shop.Declaration(unit));
        // Some engines fail: their charges stay, as vouchers.
        host.Events.Before = () => Interlocked.Increment(ref _aggregations) % 5 == 0 ? throw new InvalidOperationException("engine") : Task.CompletedTask;
        ConcurrentDictionary<int, string> outcomes = await AskAllAsync(host, Enumerable.Range(0, Plans));
        int answered = outcomes.Values.Count(o => o == "answered");
        Assert.Equal((Plans - Room, Room - answered), (outcomes.Values.Count(o => o == "exhausted"), outcomes.Values.Count(o => o == "failed")));
        Assert.InRange(answered, 1, Room - 1);
        await ChargedAsync(host, cost, answered);

        // What was paid for is still to be had, and costs nothing.
        host.Events.Before = () => Task.CompletedTask;
        ConcurrentDictionary<int, string> again = await AskAllAsync(host, outcomes.Where(o => o.Value == "failed").Select(o => o.Key));
        Assert.All(again.Values, o => Assert.Equal("answered", o));
        await ChargedAsync(host, cost, Room);
    }

    private static async Task ChargedAsync(AnalyticsHost host, long cost, int released)
    {
        List<(string Kind, long NanoRho, long Voucher)> charges = await host.ChargesAsync();
        foreach (string kind in (string[])["dataset", "department", "principal"])
            Assert.Equal((Room, Room * cost), (charges.Count(c => c.Kind == kind), charges.Where(c => c.Kind == kind).Sum(c => c.NanoRho)));
        Assert.Equal(Room, charges.Select(c => c.Voucher).Distinct().Count());
        (long Open, long Released, long Releases) stored = await host.Control.ReadAsync(
            connection => (
                Count(connection, "voucher WHERE state = 'open'"), Count(connection, "voucher WHERE state = 'released'"), Count(connection, "release")),
            CancellationToken.None);
        Assert.Equal((Room - released, released, released), stored);
        await host.Budgets.CheckAsync(CancellationToken.None);
    }

    private static long Count(System.Data.Common.DbConnection connection, string table) =>
        Convert.ToInt64(connection.Scalar("SELECT COUNT(*) FROM " + table), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<ConcurrentDictionary<int, string>> AskAllAsync(AnalyticsHost host, IEnumerable<int> plans)
    {
        ConcurrentDictionary<int, string> outcomes = new();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, cancellationToken) =>
        {
            try
            {
                await host.Queries.AskAsync(AnalyticsHost.Analyst with { Id = $"analyst{i % 7}" }, Question(i), AskOptions.Default, cancellationToken);
                outcomes[i] = "answered";
            }
            catch (BudgetExhaustedException)
            {
                outcomes[i] = "exhausted";
            }
            catch (EngineFailureException)
            {
                outcomes[i] = "failed";
            }
        });
        return outcomes;
    }

    // All cost the same and each is another plan.
    private static Query Question(int i) => Shop.Count() with
    {
        Epsilon = 0.1,
        Where = [Expression.Condition("level", Operation.Equal, [Literal.Of(i)])],
    };

    /// <summary>An ε whose ρ, rounded down as a limit is, holds that many charges and not one more.</summary>
    private static double EpsilonFor(int charges, long cost, double delta)
    {
        double epsilon = Zcdp.EpsilonFor(new NanoRho((charges * cost) + (cost / 2)), delta);
        Assert.Equal(charges, Zcdp.RhoFor(epsilon, delta).Value / cost);
        return epsilon;
    }
}
