using System.Text.Json;
using Opaline.Client.Contracts;

namespace Opaline.Libraries.Tests.Client.Contracts;

public class OpalineJsonTests
{
    [Fact]
    public void A_query_is_written_in_snake_case_without_what_is_absent()
    {
        QueryDocument query = new()
        {
            Dataset = "events",
            Measures = [new() { Function = "mean", Field = "metadata.amount", Clamp = new(0, 200) }],
            Where = [new() { Field = "action", Op = "eq", Value = JsonSerializer.SerializeToElement("purchase") }],
            GroupBy = [new() { Period = "week" }, new() { Field = "metadata.device" }],
            Contribution = new QueryContributionDocument(4, 5),
            Error = new QueryErrorTargetDocument(2.5),
        };
        const string expected = """
            {"dataset":"events","measures":[{"function":"mean","field":"metadata.amount","clamp":[0,200]}],
            "where":[{"field":"action","op":"eq","value":"purchase"}],"group_by":[{"period":"week"},{"field":"metadata.device"}],
            "contribution":{"groups":4,"rows_per_group":5},"error":{"absolute":2.5}}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), JsonSerializer.Serialize(query, OpalineJson.Options));
    }

    [Fact]
    public void A_query_says_how_it_is_shown_and_names_releases()
    {
        QueryDocument query = new()
        {
            Dataset = "events",
            Measures = [new() { Function = "sum", Field = "metadata.amount", Name = "total", Clamp = QueryClampDocument.Of("r1") }],
            GroupBy = [new() { Period = "day" }],
            Contribution = new QueryContributionDocument(Release: "r2"),
            Error = new QueryErrorTargetDocument { Relative = 0.02, To = "r3" },
            Columns =
            [
                new() { Name = "d", Field = "day" },
                new() { Name = "half", Expression = new() { Op = "divide", Args = [new() { Field = "total" }, new() { Value = JsonSerializer.SerializeToElement(2) }] } },
            ],
            Having = new() { Field = "half", Op = "gt", Value = JsonSerializer.SerializeToElement(10) },
            OrderBy = [new() { Column = "half", Descending = true }],
            Limit = 5,
            Offset = 1,
        };
        const string expected = """
            {"dataset":"events","measures":[{"function":"sum","field":"metadata.amount","name":"total","clamp":{"release":"r1"}}],
            "group_by":[{"period":"day"}],"contribution":{"release":"r2"},"error":{"relative":0.02,"to":"r3"},
            "columns":[{"name":"d","field":"day"},{"name":"half","expression":{"op":"divide","args":[{"field":"total"},{"value":2}]}}],
            "having":{"field":"half","op":"gt","value":10},"order_by":[{"column":"half","descending":true}],"limit":5,"offset":1}
            """;
        string json = JsonSerializer.Serialize(query, OpalineJson.Options);
        Assert.Equal(expected.ReplaceLineEndings(""), json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<QueryDocument>(json, OpalineJson.Options), OpalineJson.Options));
    }

    [Fact]
    public void A_query_of_rows_that_are_made_of_others_is_written_and_read()
    {
        QueryDocument query = new()
        {
            Source = new QuerySourceDocument
            {
                Source = new QuerySourceDocument { Dataset = "events", Subjects = new QuerySubjectsDocument { Values = [new() { Function = "count", Name = "n" }] } },
                Join = [new() { Source = new QuerySourceDocument { Dataset = "visits" }, As = "v", Sessions = new QuerySessionsDocument { Gap = "30m" } }],
            },
            Measures = [new() { Function = "count" }],
        };
        const string expected = """
            {"source":{"source":{"dataset":"events","subjects":{"values":[{"name":"n","function":"count"}]}},
            "join":[{"source":{"dataset":"visits"},"as":"v","sessions":{"gap":"30m"}}]},"measures":[{"function":"count"}]}
            """;
        string json = JsonSerializer.Serialize(query, OpalineJson.Options);
        Assert.Equal(expected.ReplaceLineEndings("").Trim(), json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<QueryDocument>(json, OpalineJson.Options), OpalineJson.Options));
    }

    [Fact]
    public void A_batch_has_queries_in_both_forms()
    {
        QueryBatchDocument batch = new([new QueryDocument { Dataset = "events" }, new SqlQueryDocument { Sql = "SELECT count(*) FROM events", Epsilon = 0.5 }]);
        string json = JsonSerializer.Serialize(batch, OpalineJson.Options);
        Assert.Equal("""{"queries":[{"dataset":"events"},{"sql":"SELECT count(*) FROM events","epsilon":0.5}]}""", json);
        QueryBatchDocument read = JsonSerializer.Deserialize<QueryBatchDocument>(json, OpalineJson.Options)!;
        Assert.Equal(("events", "SELECT count(*) FROM events"), (read.Queries[0].Query!.Dataset, read.Queries[1].Sql!.Sql));
        Assert.Null(read.Queries[0].Sql);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<QueryBatchDocument>("""{"queries":[1]}""", OpalineJson.Options));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[1,2,3]")]
    [InlineData("{\"release\":1}")]
    [InlineData("\"r\"")]
    public void What_is_no_clamp_is_not_read(string clamp) => Assert.Throws<JsonException>(
        () => JsonSerializer.Deserialize<QueryMeasureDocument>($$"""{"function":"sum","clamp":{{clamp}}}""", OpalineJson.Options));

    [Fact]
    public void An_answer_comes_back_as_it_was_written()
    {
        AnswerDocument answer = new(
            "r1",
            false,
            new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            7,
            [
                new AnswerRowDocument(
                    new Dictionary<string, string?> { ["day"] = "2024-01-01", ["metadata.device"] = null },
                    new Dictionary<string, AnswerValueDocument> { ["count"] = new(-3, 12.5m, -15.5m, 9.5m) }),
            ],
            new PlanDocument(
                "h", "events", 1, "subject", "UTC", DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1), "request", [new("day", "period", 1)], 1,
                new ContributionDocument(1, 1), "dataset", false, "discrete_gaussian",
                [new("count", "count", null, null, 1, 5, [new("count", 1, "1", "1", "1", "100/1", 10, 5)], 12.5m, ["count"])], null, 1),
            new CostDocument(5, 0.1, 1e-6, 0),
            []);
        string json = JsonSerializer.Serialize(answer, OpalineJson.Options);
        AnswerDocument back = JsonSerializer.Deserialize<AnswerDocument>(json, OpalineJson.Options)!;
        Assert.Equal(json, JsonSerializer.Serialize(back, OpalineJson.Options));
        Assert.Null(back.Rows[0].Keys["metadata.device"]);
        Assert.Equal(12.5m, back.Rows[0].Values["count"].Margin);
        Assert.Contains("\"metadata.device\":null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("selection\":", json.Replace("selection_delta", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
