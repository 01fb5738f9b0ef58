using System.Net;
using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>Several questions in one call, and counters that cost once.</summary>
public class BatchAndLiveTests(SharedServer shared)
{
    private const string Count = """{"dataset":"events","measures":[{"function":"count"}],"from":"2024-02-01","to":"2024-02-08","epsilon":0.05}""";
    private const string People = """{"dataset":"events","measures":[{"function":"distinct_subjects"}],"from":"2024-02-01","to":"2024-02-08","epsilon":0.05}""";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task A_batch_is_one_release_with_the_answers_in_the_order_of_the_queries()
    {
        // Days that no other test of this server asks about: a part that was released already would be answered from there.
        string batch = $$"""{"queries":[{{Count}},{{People}}]}""".Replace("2024-02-0", "2024-03-0", StringComparison.Ordinal);
        using HttpResponseMessage dry = await _server.PostJsonAsync("/api/v1/analytics/batch?dry_run=true", "analyst", batch);
        DryRunBatchDocument plans = await dry.ReadAsync<DryRunBatchDocument>();
        using HttpResponseMessage asked = await _server.PostJsonAsync("/api/v1/analytics/batch", "analyst", batch);
        AnswerBatchDocument answers = await asked.ReadAsync<AnswerBatchDocument>();
        Assert.Equal(["count", "distinct_subjects"], answers.Answers.Select(a => a.Plan.Measures.Single().Name));
        Assert.Single(answers.Answers.Select(a => a.ReleaseId).Distinct());
        Assert.Equal(plans.Plans.Select(p => p.Cost.NanoRho), answers.Answers.Select(a => a.Cost.NanoRho));
        Assert.All(answers.Answers, a => Assert.Single(a.Rows));

        using HttpResponseMessage again = await _server.PostJsonAsync("/api/v1/analytics/batch", "admin", batch);
        Assert.All((await again.ReadAsync<AnswerBatchDocument>()).Answers, a => Assert.True(a.Replayed));
    }

    [Fact]
    public async Task SQL_and_JSON_stand_side_by_side_in_a_batch()
    {
        const string Sql = """{"sql":"SELECT count(*) AS n FROM events WHERE timestamp >= DATE '2024-02-01' AND timestamp < DATE '2024-02-08'","epsilon":0.05}""";
        using HttpResponseMessage asked = await _server.PostJsonAsync("/api/v1/analytics/batch", "analyst", $$"""{"queries":[{{Sql}},{{Count}}]}""");
        AnswerBatchDocument answers = await asked.ReadAsync<AnswerBatchDocument>();
        Assert.Equal(answers.Answers[0].ReleaseId, answers.Answers[1].ReleaseId);
        Assert.Equal(answers.Answers[0].Rows[0].Values["n"], answers.Answers[1].Rows[0].Values["count"]);
        Assert.Equal(0, answers.Answers[1].Cost.NanoRho);
    }

    [Theory]
    [InlineData("""{"queries":[]}""", "$.queries")]
    [InlineData("""{"queries":[{"dataset":"events","measures":[{"function":"count"}]},{"dataset":"events"}]}""", "$.queries[1]")]
    [InlineData("""{"query":[]}""", "$.queries")]
    [InlineData("""{"queries":[{"sql":"SELECT count(*) FROM events"},{"sql":"SELECT random() FROM events"}]}""", "$.queries[1].sql", HttpStatusCode.UnprocessableEntity)]
    public async Task A_batch_that_is_none_is_refused_with_its_place(string batch, string path, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/analytics/batch", "analyst", batch);
        Assert.Equal(status, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains(JsonEncodedText.Encode(path).ToString(), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_counter_costs_its_first_look_only()
    {
        const string Look = "/api/v1/analytics/live?metric=live_test_count&period=day&epsilon=0.05";
        using HttpResponseMessage first = await _server.GetAsync(Look, "analyst");
        LiveCounterDocument opened = await first.ReadAsync<LiveCounterDocument>();
        Assert.True(opened.Cost.NanoRho > 0);
        Assert.Equal(288, opened.Steps);
        using HttpResponseMessage second = await _server.GetAsync(Look, "admin");
        LiveCounterDocument seen = await second.ReadAsync<LiveCounterDocument>();
        Assert.Equal(0, seen.Cost.NanoRho);
        if (seen.Step == opened.Step)
            Assert.Equal(opened.Value, seen.Value);
        using HttpResponseMessage viewer = await _server.GetAsync(Look, "viewer");
        await viewer.ProblemAsync(HttpStatusCode.Forbidden, "not_listed");
    }
}
