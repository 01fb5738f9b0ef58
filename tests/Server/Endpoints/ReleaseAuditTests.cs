using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Analytics;
using Opaline.Client.Contracts;
using Opaline.DifferentialPrivacy;
using Opaline.Server.Authentication;
using Opaline.Server.Tests.Authentication;
using Opaline.Server.Tests.Running;
using Opaline.Storage;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>
/// The auditor on the whole way: rows sent, a question asked again and again with <c>fresh=true</c> of two neighbouring datasets, and what came over the wire,
/// charges included. In the short form three shapes, in the long form all.
/// </summary>
/// <remarks>
/// A few hundred draws see only much; the same releases are audited with many in process. Each bound errs with a chance of at most 1e-6. A hundred people more
/// are no neighbour: each of three counts is 200 away and not 2, in noise with a standard deviation of 26, so that the twenty draws from which an event is learned
/// tell them apart but for a chance below 1e-9.
/// </remarks>
public class ReleaseAuditTests(ITestOutputHelper output)
{
    // What is charged is tested at this δ, beyond that of key selection.
    private const double Delta = 0.05;

    private static readonly int s_draws = LongRuns.Enabled ? 500 : 100;
    private static readonly string[] s_short = ["clamped sum", "count by a private key (threshold)", "funnel with a period unit"];

    private static IEnumerable<AuditedQuestion> Asked => AuditedQuestion.All.Where(q => LongRuns.Enabled || s_short.Contains(q.Name));

    [Fact]
    public async Task Answers_over_HTTP_lose_no_more_than_they_charge_and_a_hundred_people_are_told_apart()
    {
        await using RunningServer server = await StartAsync();
        AuditedQuestion one = AuditedQuestion.All[0].With("\"epsilon\":6", "\"epsilon\":0.5");
        AuditedQuestion hundred = one with
        {
            Name = "a hundred people",
            Added = [.. Enumerable.Range(0, 100).SelectMany(i => one.Added.Select(r => r with { Person = -i }))],
        };
        AuditedQuestion[] asked = [.. Asked, hundred];
        ConcurrentDictionary<string, bool> caught = new();
        // Rows of all are there at one tick; questions with one plan wait for each other, so the others are asked meanwhile.
        for (int i = 0; i < asked.Length; i++)
            await DeclareAsync(server, asked[i], i);
        PublicClock clock = server.Services.GetRequiredService<PublicClock>();
        await clock.WaitForAsync(clock.Current.Number + 2, TestContext.Current.CancellationToken);
        await Parallel.ForAsync(0, asked.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            AnswerDocument[][] answers = await Task.WhenAll(DrawAsync(server, asked[i], i, "without"), DrawAsync(server, asked[i], i, "with"));
            caught[asked[i].Name] = IsCaught(asked[i], answers[1], answers[0]);
        });
        Assert.Equal(asked.Length, caught.Count);
        Assert.Equal([hundred.Name], caught.Where(c => c.Value).Select(c => c.Key));
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        arguments: ["--Opaline:RateLimits:Client=10000000", "--Opaline:RateLimits:Anonymous=10000000"],
        customize: builder => builder.Services.PostConfigure<AnalyticsOptions>(o =>
        {
            o.ReleaseClock = TimeSpan.FromMilliseconds(1);
            o.Budgets.Dataset = o.Budgets.Department = o.Budgets.Principal = new AccountOptions { Epsilon = 10_000, Delta = 0.9 };
        }));

    private static string Ending(int number, string side) => string.Create(CultureInfo.InvariantCulture, $"_{number}_{side}");

    // Accounts of its own for every question: together they would exhaust a δ.
    private static string Token(RunningServer server, int number) => ForgedTokens.Make(
        server.Services.GetRequiredService<SigningKey>().Credentials,
        claims: new Dictionary<string, object>
        {
            ["sub"] = string.Create(CultureInfo.InvariantCulture, $"auditor-{number}"),
            ["role"] = "analyst",
            ["tenant"] = "default",
            ["department"] = string.Create(CultureInfo.InvariantCulture, $"audit-{number}"),
        });

    private static async Task DeclareAsync(RunningServer server, AuditedQuestion question, int number)
    {
        foreach (string side in (string[])["without", "with"])
        {
            IEnumerable<AuditedQuestion.Row> rows = side == "with" ? question.Added.Concat(question.Others) : question.Others;
            foreach (IGrouping<string, AuditedQuestion.Row> group in rows.GroupBy(r => r.Dataset))
            {
                string name = group.Key + Ending(number, side);
                using HttpResponseMessage declared = await server.PostJsonAsync("/api/v1/datasets", "admin", $$$"""
                    {"name":"{{{name}}}","subject_scope":"audited","unit":"{{{question.Unit}}}","time_zone":"UTC",
                     "public_range":{"from":"2024-01-01T00:00:00Z","to":"2025-01-01T00:00:00Z"},
                     "fields":[{"name":"user","role":"subject"},{"name":"time","role":"time"},
                               {"name":"action","role":"dimension","domain":["buy","look","return"]},{"name":"city","role":"dimension"},
                               {"name":"amount","role":"measure","measure":{"lower":-2,"upper":6,"granularity":0.5}}]}
                    """);
                Assert.True(declared.StatusCode == HttpStatusCode.Created, await declared.Content.ReadAsStringAsync());
                // As many as a batch may have.
                foreach (AuditedQuestion.Row[] some in group.Chunk(10_000))
                {
                    string lines = string.Join('\n', some.Select(r => string.Create(
                        CultureInfo.InvariantCulture, $$"""{"user":"p{{r.Person}}","time":"{{r.Time:O}}","action":"{{r.Action}}","city":"{{r.City}}","amount":{{r.Amount}}}""")));
                    using HttpResponseMessage sent = await server.SendAsync(
                        HttpMethod.Post, $"/api/v1/datasets/{name}/rows", "ingest", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
                    Assert.True(sent.StatusCode == HttpStatusCode.Accepted, await sent.Content.ReadAsStringAsync());
                }
            }
        }
    }

    private static async Task<AnswerDocument[]> DrawAsync(RunningServer server, AuditedQuestion question, int number, string side)
    {
        string query = question.Query.Replace("#", Ending(number, side), StringComparison.Ordinal);
        AnswerDocument[] answers = new AnswerDocument[s_draws];
        for (int i = 0; i < answers.Length; i++)
        {
            using HttpResponseMessage response = await server.PostJsonAsync("/api/v1/analytics/query?fresh=true", null, query, Token(server, number));
            answers[i] = await response.ReadAsync<AnswerDocument>();
        }

        Assert.Equal(s_draws, answers.Select(a => a.ReleaseId).Distinct().Count());
        Assert.All(answers, a => Assert.Equal((false, answers[0].Plan.Hash, answers[0].Cost), (a.Replayed, a.Plan.Hash, a.Cost)));
        return answers;
    }

    // Whether more is found than the answers said they cost.
    private bool IsCaught(AuditedQuestion question, AnswerDocument[] with, AnswerDocument[] without)
    {
        CostDocument cost = with[0].Cost;
        bool pure = question.Query.Contains("discrete_laplace", StringComparison.Ordinal);
        double charged = pure ? cost.Epsilon : Zcdp.EpsilonFor(new NanoRho(cost.NanoRho), Delta);
        (string Cell, string Column)[] places = [.. with.Concat(without).SelectMany(Numbers).Select(n => (n.Cell, n.Column)).Distinct().Order()];
        int training = s_draws / 5;
        AuditOptions options = new(places.Length)
        {
            TrainingRuns = training,
            FinalRuns = s_draws - (2 * training),
            Delta = (pure ? 0 : Delta) + cost.SelectionDelta,
            Threads = 1,
        };
        AuditResult result = PrivacyAudit.LowerBound<Queue<AnswerDocument>>(
            (answers, outputs) =>
            {
                outputs.Fill(double.NaN);
                for (int at = 0; at < outputs.Length; at += options.Width)
                {
                    foreach ((string cell, string column, double number) in Numbers(answers.Dequeue()))
                        outputs[at + Array.IndexOf(places, (cell, column))] = number;
                }
            },
            new Queue<AnswerDocument>(with),
            new Queue<AnswerDocument>(without),
            options,
            TestContext.Current.CancellationToken);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{question}: charged {charged:F3} at {result.Delta}, found {result.Epsilon:F3}: {result.HitsOfFirst} and {result.HitsOfSecond} of {result.Runs}, {result.Event}"));
        return result.Epsilon > charged;
    }

    private static IEnumerable<(string Cell, string Column, double Number)> Numbers(AnswerDocument answer) => answer.Rows.SelectMany(row =>
    {
        string cell = JsonSerializer.Serialize(row.Keys);
        return row.Values.SelectMany(v => new[] { ("", (decimal?)v.Value.Value), (" low", v.Value.Low), (" high", v.Value.High) }
            .Where(n => n.Item2 is not null && (n.Item1.Length == 0 || v.Value.Margin is null))
            .Select(n => (cell, v.Key + n.Item1, (double)n.Item2!.Value)));
    });
}
