using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Opaline.Server.OpenApi;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.OpenApi;

public class ContractTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Contract_is_valid()
    {
        ReadResult result = OpenApiDocument.Parse(await TextAsync(), "json");
        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Equal("Opaline", result.Document!.Info.Title);
        Assert.Contains(ContractDocument.Scheme, result.Document.Components!.SecuritySchemes!.Keys);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        using JsonDocument document = JsonDocument.Parse(await TextAsync());
        foreach (string reference in References(document.RootElement))
        {
            JsonElement target = document.RootElement;
            foreach (string step in reference.Split('/').Skip(1))
                Assert.True(target.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal), out target), reference);
        }
    }

    [Fact]
    public async Task Every_endpoint_is_in_the_contract()
    {
        HashSet<string> described = [];
        foreach ((string path, IOpenApiPathItem item) in (await DocumentAsync()).Paths)
            described.UnionWith(item.Operations!.Keys.Select(method => $"{method.Method} {path}"));
        string[] missing = [.. _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is not null && e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IExcludeFromDescriptionMetadata>() is null)
            .Select(e => $"{e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {e.RoutePattern.RawText}")
            .Where(name => !described.Contains(name) && !name.Contains("/openapi/", StringComparison.Ordinal))];
        Assert.Empty(missing);
        Assert.Contains("POST /connect/token", described);
    }

    [Fact]
    public async Task Every_call_says_what_it_does_what_it_needs_and_how_it_refuses()
    {
        List<string> wrong = [];
        foreach ((string path, IOpenApiPathItem item) in (await DocumentAsync()).Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations!)
            {
                string name = $"{method} {path}";
                void Require(bool holds, string what)
                {
                    if (!holds)
                        wrong.Add($"{name}: {what}");
                }

                Require(operation.Summary?.Length > 5, "summary");
                Require(operation.Description?.Length > 20, "description");
                Require(operation.Tags?.Count == 1, "tag");
                Require(operation.Responses!.Keys.Any(k => k[0] == '2'), "an answer");
                Require(operation.Responses.Values.All(r => !string.IsNullOrEmpty(r.Description)), "descriptions of answers");
                Require(operation.Responses.ContainsKey("429"), "429");
                Require(operation.Parameters?.All(p => p.In == ParameterLocation.Path || p.Description?.Length > 3) != false, "descriptions of parameters");
                bool open = path is "/connect/token" or "/api/v1/init" || path.StartsWith("/health", StringComparison.Ordinal);
                Require(open == (operation.Security is null or { Count: 0 }), "security");
                Require(open || (operation.Responses.ContainsKey("401") && operation.Responses.ContainsKey("403")), "401 and 403");
                Require(operation.RequestBody is null || operation.RequestBody.Content!.Values.All(m => m.Example is not null || m.Examples?.Count > 1), "an example of its body");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Examples_are_taken_by_the_server()
    {
        // The example of a dataset declares what the examples of rows and metrics speak about.
        Dictionary<string, string[]> examples = [];
        foreach ((string path, IOpenApiPathItem item) in (await DocumentAsync()).Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations!.Where(o => o.Value.RequestBody?.Content?.ContainsKey("application/json") == true))
            {
                OpenApiMediaType media = operation.RequestBody!.Content!["application/json"];
                examples[$"{method} {path}"] = media.Example is { } only ? [only.ToJsonString()] : [.. media.Examples!.Values.Select(e => e.Value!.ToJsonString())];
            }
        }

        async Task SendAsync(string call, string path, HttpStatusCode expected)
        {
            foreach (string example in examples[call])
            {
                using StringContent content = new(example, System.Text.Encoding.UTF8, "application/json");
                using HttpResponseMessage response = await _server.SendAsync(new HttpMethod(call.Split(' ')[0]), path, "admin", content);
                Assert.True(response.StatusCode == expected, $"{call}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }

        await SendAsync("POST /api/v1/datasets", "/api/v1/datasets", HttpStatusCode.Created);
        await SendAsync("PUT /api/v1/datasets/{dataset}/metrics/{metric}", "/api/v1/datasets/purchases/metrics/daily_buyers", HttpStatusCode.OK);
        await SendAsync("POST /api/v1/datasets/{dataset}/rows", "/api/v1/datasets/purchases/rows", HttpStatusCode.Accepted);
        await SendAsync("POST /api/v1/events", "/api/v1/events", HttpStatusCode.Accepted);
        await SendAsync("POST /api/v1/analytics/query", "/api/v1/analytics/query?dry_run=true", HttpStatusCode.OK);
        await SendAsync("POST /api/v1/analytics/batch", "/api/v1/analytics/batch?dry_run=true", HttpStatusCode.OK);
        await SendAsync("POST /api/v1/subjects/lookup", "/api/v1/subjects/lookup", HttpStatusCode.OK);
        await SendAsync("POST /api/v1/tokens/reveal", "/api/v1/tokens/reveal", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_query_is_SQL_or_JSON_and_both_have_their_contract()
    {
        using JsonDocument document = JsonDocument.Parse(await TextAsync());
        JsonElement body = document.RootElement.GetProperty("paths").GetProperty("/api/v1/analytics/query").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        Assert.Equal(
            ["#/components/schemas/SqlQueryDocument", "#/components/schemas/QueryDocument"],
            body.GetProperty("schema").GetProperty("oneOf").EnumerateArray().Select(s => s.GetProperty("$ref").GetString()));
        JsonElement sql = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("SqlQueryDocument");
        Assert.Equal("sql", Assert.Single(sql.GetProperty("required").EnumerateArray()).GetString());
        Assert.Equal(
            ["contribution", "delta", "epsilon", "error", "mechanism", "sql", "time_zone"], sql.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["json", "json_source", "sql", "sql_join", "sql_subjects"], body.GetProperty("examples").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_contract_tells_of_sources_and_of_SQL_in_a_batch_as_the_server_takes_them()
    {
        using JsonDocument document = JsonDocument.Parse(await TextAsync());
        JsonElement schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        string[] parts = ["active_users", "as", "dataset", "funnel", "join", "paths", "retention", "sessions", "source", "subjects"];
        foreach ((string name, string[] has) in ((string, string[])[])[("QueryDocument", parts), ("QuerySourceDocument", parts), ("QueryJoinDocument", [.. parts.Except(["join"]), "kind", "on"])])
        {
            JsonElement schema = schemas.GetProperty(name);
            Assert.Empty(has.Except(schema.GetProperty("properties").EnumerateObject().Select(p => p.Name)));
            Assert.False(schema.TryGetProperty("required", out _));
        }

        Assert.Equal(
            ["#/components/schemas/SqlQueryDocument", "#/components/schemas/QueryDocument"],
            schemas.GetProperty("QueryBatchDocument").GetProperty("properties").GetProperty("queries").GetProperty("items").GetProperty("oneOf")
                .EnumerateArray().Select(s => s.GetProperty("$ref").GetString()));
    }

    private async Task<OpenApiDocument> DocumentAsync() => OpenApiDocument.Parse(await TextAsync(), "json").Document!;

    private async Task<string> TextAsync()
    {
        using HttpResponseMessage response = await _server.GetAsync("/openapi/v1.json", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
