using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.DifferentialPrivacy;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Crashes;

/// <summary>Many clients race for one budget while the server is killed again and again: no charge too many, and none without its answer.</summary>
public sealed class LedgerKillTests
{
    private const int Room = 100;
    private const int Clients = 64;
    private const double Delta = 1e-6;
    private const double Epsilon = 0.1;

    public static TheoryData<string> Engines => ControlEngine.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Killed_amid_a_race_an_account_for_a_hundred_plans_pays_for_exactly_a_hundred(string name)
    {
        ControlEngine engine = ControlEngine.Of(name);
        int plans = LongRuns.Times(125, 8);
        int kills = LongRuns.Times(2, 6);
        long cost = Zcdp.RhoFor(Epsilon, Delta).Value;
        using TemporaryFolder folder = new();
        string[] arguments =
        [
            "--Opaline:Storage:TickSeconds=1",
            "--Opaline:RateLimits:Client=1000000",
            "--Opaline:Budgets:Department:Epsilon=1000",
            "--Opaline:Budgets:Principal:Epsilon=1000",
            string.Create(CultureInfo.InvariantCulture, $"--Opaline:Budgets:Dataset:Epsilon={Zcdp.EpsilonFor(new NanoRho((Room * cost) + (cost / 2)), Delta):R}"),
            .. engine.Arguments(folder.Path),
        ];
        int port = ServerProcess.FreePort();
        ConcurrentDictionary<int, AnswerDocument> answered = [];
        ConcurrentDictionary<int, ProblemDocument> refused = [];
        ServerProcess server = await ServerProcess.StartAsync(folder.Path, port, arguments);
        try
        {
            using HttpClient http = new() { BaseAddress = server.Address };
            OpalineClientOptions stubborn = new() { MaxAttempts = 100, FirstDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(500) };
            using OpalineClient analyst = server.Client(http, "analyst", stubborn);
            Task asking = Parallel.ForAsync(
                0, plans, new ParallelOptions { MaxDegreeOfParallelism = Clients }, (plan, _) => AskAsync(analyst, plan, answered, refused));
            for (int kill = 0; kill < kills; kill++)
            {
                // At a random moment of the race; after the first it is soon over, so the next comes early in what is left of it.
                await Task.Delay(System.Security.Cryptography.RandomNumberGenerator.GetInt32(20, 500), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await server.DisposeAsync();
                await VouchersAndReleasesAddUpAsync(engine, folder.Path, cost);
                server = await ServerProcess.StartAsync(folder.Path, port, arguments);
            }

            await asking;
            Assert.Equal(0, await server.StopAsync());
        }
        finally
        {
            await server.DisposeAsync();
        }

        // Whoever was charged asked until it had its answer.
        Assert.Equal((Room, plans - Room), (answered.Count, refused.Count));
        // A call that was cut off has paid for the one that completed it, which says that it cost nothing.
        Assert.All(answered.Values, a => Assert.Contains(a.Cost.NanoRho, a.Replayed ? [0] : new[] { 0, cost }));
        Assert.All(refused.Values, p => Assert.Equal(("budget_exhausted", "dataset"), (p.Code, p.Account!.Kind)));
        Assert.Equal((Room, 0), await VouchersAndReleasesAddUpAsync(engine, folder.Path, cost));
        HashSet<string> releases = [.. (await engine.QueryAsync(folder.Path, "SELECT id FROM release")).Select(r => (string)r[0]!)];
        Assert.True(releases.SetEquals(answered.Values.Select(a => a.ReleaseId)));
    }

    /// <summary>What a server that was killed has left: every charge has a voucher, and a voucher is open or has its one release.</summary>
    private static async Task<(long Released, long Open)> VouchersAndReleasesAddUpAsync(ControlEngine engine, string folder, long cost)
    {
        long open = await CountAsync(engine, folder, "SELECT COUNT(*) FROM voucher WHERE state = 'open'");
        long released = await CountAsync(engine, folder, "SELECT COUNT(*) FROM voucher v JOIN release r ON r.voucher_id = v.id WHERE v.state = 'released'");
        Assert.Equal(released, await CountAsync(engine, folder, "SELECT COUNT(*) FROM release"));
        Assert.Equal(released + open, await CountAsync(engine, folder, "SELECT COUNT(*) FROM voucher"));
        Assert.InRange(released + open, 0, Room);
        foreach (string kind in (string[])["dataset", "department", "principal"])
        {
            object?[] charged = (await engine.QueryAsync(
                folder, $"SELECT COUNT(DISTINCT voucher_id), COUNT(*), COALESCE(SUM(nano_rho), 0) FROM ledger_charge WHERE account_kind = '{kind}'"))[0];
            long[] numbers = [.. charged.Select(n => Convert.ToInt64(n, CultureInfo.InvariantCulture))];
            Assert.Equal([released + open, released + open, (released + open) * cost], numbers);
        }

        return (released, open);
    }

    private static async Task<long> CountAsync(ControlEngine engine, string folder, string sql) =>
        Convert.ToInt64((await engine.QueryAsync(folder, sql))[0][0], CultureInfo.InvariantCulture);

    private static async ValueTask AskAsync(
        OpalineClient analyst, int plan, ConcurrentDictionary<int, AnswerDocument> answered, ConcurrentDictionary<int, ProblemDocument> refused)
    {
        QueryDocument question = new()
        {
            Dataset = "events",
            Measures = [new QueryMeasureDocument { Function = "count" }],
            Where = [new QueryExpressionDocument { Field = "action", Op = "eq", Value = JsonSerializer.SerializeToElement($"a{plan}") }],
            Epsilon = Epsilon,
        };
        try
        {
            answered[plan] = await analyst.QueryAsync(question, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (OpalineProblemException problem) when (problem.Code == "budget_exhausted")
        {
            refused[plan] = problem.Problem;
        }
    }
}
