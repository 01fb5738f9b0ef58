using System.Net;
using System.Text;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

public class CatalogTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Declared_dataset_is_shown_with_the_defaults_of_its_roles()
    {
        DatasetDocument made = await CreateAsync("shown");
        using HttpResponseMessage response = await _server.GetAsync("/api/v1/datasets/shown", "analyst");
        DatasetDocument shown = await response.ReadAsync<DatasetDocument>();
        Assert.Equivalent(made, shown);
        Assert.Equal(("subject", "Europe/Vienna", "shown", 86_400L), (shown.Unit, shown.TimeZone, shown.SubjectScope, shown.MaxAgeSeconds));
        Assert.Equal(["tokenize", "keep", "keep", "seal", "keep"], shown.Fields.Select(f => f.Treatment));
        Assert.Equal(["string", "date", "string", "string", "decimal"], shown.Fields.Select(f => f.Type));
        Assert.All(shown.Fields, f => Assert.Equal(("confirmed", "manual"), (f.State, f.Source)));
        Assert.Equal(["north", "south"], shown.Fields[2].Domain!);
        Assert.Equal(new MeasureBoundsDocument(0, 200, 0.01m), shown.Fields[4].Measure);
    }

    [Fact]
    public async Task Bounds_and_minimum_are_changed_by_an_admin_and_what_is_absent_stays()
    {
        DatasetDocument made = await CreateAsync("bounded");
        using StringContent change = new("""{"minimum_units":20}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Patch, "/api/v1/datasets/bounded", "admin", change);
        DatasetDocument changed = await response.ReadAsync<DatasetDocument>();
        Assert.Equal((20, made.Contribution, made.Version), (changed.MinimumUnits, changed.Contribution, changed.Version));
        using StringContent bad = new("""{"contribution":{"groups":0,"rows_per_group":1}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage refused = await _server.SendAsync(HttpMethod.Patch, "/api/v1/datasets/bounded", "admin", bad);
        await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Quantiles_have_one_column_for_each_rank()
    {
        await CreateAsync("ranked");
        const string Query = """{"dataset":"ranked","measures":[{"function":"quantiles","field":"dollars","ranks":[0.1,0.5]},{"function":"standard_deviation","field":"dollars"}]}""";
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/analytics/query", "analyst", Query);
        AnswerDocument answer = await response.ReadAsync<AnswerDocument>();
        string[] columns = ["quantiles_dollars:0.1", "quantiles_dollars:0.5", "standard_deviation_dollars"];
        Assert.Equal(columns, answer.Plan.Measures.SelectMany(m => m.Columns));
        Assert.Equal(columns, Assert.Single(answer.Rows).Values.Keys);
    }

    [Fact]
    public async Task Declared_formats_and_generalizers_are_checked_and_a_person_s_tokens_are_shown_in_them()
    {
        await CreateAsync("carded");
        (string Fields, string Path, string Says)[] illegal =
        [
            ("""{"name":"born","treatment":"generalize","generalizer":"yaer"}""", "[0].generalizer", "age_band:N"),
            ("""{"name":"born","treatment":"tokenize","format":{"values":"date","method":"format_preserving"}}""", "[0].format.method", "73,049"),
            ("""{"name":"plate","treatment":"tokenize","format":{"values":"template","alphabet":"0123456789","min_length":4,"max_length":8}}""", "[0].format.values", "10,000"),
            ("""{"name":"plate","treatment":"tokenize","format":{"values":"plates"}}""", "[0].format.values", "national_id"),
            ("""{"name":"plate","treatment":"keep","format":{"values":"text"}}""", "[0].format", "tokenized"),
        ];
        foreach ((string fields, string path, string says) in illegal)
        {
            using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets/carded/fields", "admin", $"[{fields}]");
            ProblemDocument error = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid_value");
            Assert.Equal(path, error.Path);
            Assert.Contains(says, error.Detail, StringComparison.Ordinal);
        }

        using HttpResponseMessage declared = await _server.PostJsonAsync(
            "/api/v1/datasets/carded/fields", "admin", """[{"name":"card","treatment":"tokenize","format":{"values":"card","luhn":false}}]""");
        Assert.True(declared.IsSuccessStatusCode);
        using HttpResponseMessage response2 = await _server.GetAsync("/api/v1/datasets/carded", "admin");
        TokenFormatDocument format = (await response2.ReadAsync<DatasetDocument>()).Fields.Single(f => f.Name == "card").Format!;
        Assert.Equal(("card", "format_preserving", 4, false), (format.Values, format.Method, format.KeepSuffix, format.Luhn));

        using HttpResponseMessage sent = await _server.PostJsonAsync(
            "/api/v1/datasets/carded/rows", "ingest", """{"customer":"carded-customer","date":"2025-05-05","card":"4111111111111111"}""");
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        using HttpResponseMessage found = await _server.PostJsonAsync(
            "/api/v1/subjects/lookup", "admin", """{"identifier":"carded-customer","dataset":"carded"}""");
        string id = (await found.ReadAsync<LookupDocument>()).SubjectId!;
        using HttpResponseMessage listed = await _server.GetAsync($"/api/v1/subjects/{id}", "admin");
        IReadOnlyList<SubjectTokenDocument> tokens = (await listed.ReadAsync<SubjectDocument>()).Tokens;
        Assert.Equal([null, "card"], tokens.Select(t => t.Field));
        Assert.Null(tokens[0].Formatted);
        Assert.Matches("^[0-9]{12}1111$", tokens[1].Formatted);
        Assert.NotEqual("4111111111111111", tokens[1].Formatted);

        // The value might have come through a dataset that shows nothing of it.
        string hiding = Declarations.Dataset("carded_hidden").Replace("\"time_zone\"", "\"subject_scope\":\"carded\",\"time_zone\"", StringComparison.Ordinal);
        using HttpResponseMessage other = await _server.PostJsonAsync("/api/v1/datasets", "admin", hiding);
        Assert.True(other.IsSuccessStatusCode);
        using HttpResponseMessage plain = await _server.PostJsonAsync("/api/v1/datasets/carded_hidden/fields", "admin", """[{"name":"card","treatment":"tokenize"}]""");
        Assert.True(plain.IsSuccessStatusCode);
        using HttpResponseMessage again = await _server.GetAsync($"/api/v1/subjects/{id}", "admin");
        Assert.All((await again.ReadAsync<SubjectDocument>()).Tokens, t => Assert.Null(t.Formatted));
    }

    [Fact]
    public async Task Name_is_given_once()
    {
        await CreateAsync("twice");
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets", "admin", Declarations.Dataset("twice"));
        await response.ProblemAsync(HttpStatusCode.Conflict, "name_taken");
    }

    [Fact]
    public async Task Every_broken_rule_is_told_with_its_place()
    {
        const string Declaration = """
            {"name":"Bad\u0000Name; DROP TABLE x","time_zone":"Mars/Olympus","unit":"household",
             "fields":[{"name":"customer","role":"subject"},{"name":"x","role":"measure","treatment":"hide"}]}
            """;
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets", "admin", Declaration);
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid_declaration");
        string[] paths = [.. problem.Errors!.Select(e => e.Path)];
        Assert.Contains("name", paths);
        Assert.Contains("time_zone", paths);
        Assert.Contains("unit", paths);
        Assert.Contains("fields[1].treatment", paths);
        Assert.Contains("fields[1].measure", paths);
        Assert.Contains("fields", paths);
        Assert.DoesNotContain("DROP", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","fields":null}""")]
    [InlineData("""{"name":"x","fields":[null]}""")]
    [InlineData("""{"name":7,"fields":[]}""")]
    [InlineData("""{"name":"x","fields":[],"feilds":[]}""")]
    [InlineData("""{"name":"x","name":"y","fields":[]}""")]
    [InlineData("""{"name":"x","fields":[],"public_range":{"from":"whenever","to":"2030-01-01T00:00:00Z"}}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Document_of_another_form_is_refused(string body)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets", "admin", body);
        Assert.InRange((int)response.StatusCode, 400, 422);
        await response.ProblemAsync(response.StatusCode);
    }

    [Fact]
    public async Task Deeply_nested_declaration_is_refused()
    {
        using HttpResponseMessage response =
            await _server.PostJsonAsync("/api/v1/datasets", "admin", new StringBuilder().Insert(0, "{\"a\":", 10_000).ToString());
        await response.ProblemAsync(HttpStatusCode.BadRequest, "bad_json");
    }

    [Fact]
    public async Task Field_first_seen_in_traffic_is_hidden_from_analysts_until_an_admin_confirms_it()
    {
        // A dataset of its own: what analysts may ask of the built-in one stays as it is while other tests ask it.
        await CreateAsync("watched");
        const string Row = """{"customer":"catalog-user","date":"2024-01-15","screen_width":1920}""";
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/datasets/watched/rows", "ingest", Row);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal("suggested", (await FieldAsync("watched", "admin", "screen_width"))!.State);
        Assert.Null(await FieldAsync("watched", "analyst", "screen_width"));

        using StringContent change = new("""{"state":"confirmed","role":"dimension"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage changed =
            await _server.SendAsync(HttpMethod.Patch, "/api/v1/datasets/watched/fields/screen_width", "admin", change);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        FieldDocument field = (await FieldAsync("watched", "analyst", "screen_width"))!;
        Assert.Equal(("confirmed", "manual", "dimension"), (field.State, field.Source, field.Role));
    }

    [Theory]
    [InlineData("customer", """{"role":"dimension"}""", HttpStatusCode.UnprocessableEntity, "immutable")]
    [InlineData("shop", """{"type":"int64"}""", HttpStatusCode.UnprocessableEntity, "immutable")]
    [InlineData("shop", """{"state":"believed"}""", HttpStatusCode.UnprocessableEntity, "invalid_value")]
    [InlineData("shop", """{"treatment":"generalize"}""", HttpStatusCode.UnprocessableEntity, "invalid_value")]
    [InlineData("shop", """{"colour":"red"}""", HttpStatusCode.BadRequest, "bad_json")]
    [InlineData("nothing", """{"state":"confirmed"}""", HttpStatusCode.NotFound, "unknown_field")]
    public async Task Change_that_cannot_be_is_refused(string field, string change, HttpStatusCode status, string code)
    {
        string dataset = "change-" + (uint)(field + change).GetHashCode(StringComparison.Ordinal);
        DatasetDocument before = await CreateAsync(dataset);
        using StringContent content = new(change, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Patch, $"/api/v1/datasets/{dataset}/fields/{field}", "admin", content);
        ProblemDocument problem = await response.ProblemAsync(status);
        Assert.True(problem.Code == code || problem.Errors?.Count > 1, problem.Code);
        using HttpResponseMessage after = await _server.GetAsync($"/api/v1/datasets/{dataset}", "admin");
        Assert.Equivalent(before, await after.ReadAsync<DatasetDocument>());
    }

    [Fact]
    public async Task Stored_column_is_given_up_only_by_who_says_so()
    {
        await CreateAsync("kept");
        foreach ((string treatment, string refused) in new[] { ("redact", """{"treatment":"redact"}"""), ("seal", """{"treatment":"seal","domain":[],"discard_stored":false}""") })
        {
            using HttpResponseMessage response = await ChangeAsync("kept", "shop", refused);
            ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Conflict, "would_discard");
            Assert.Equal("discard_stored", problem.Path);
            Assert.Contains("\"discard_stored\": true", problem.Detail, StringComparison.Ordinal);
            Assert.NotEqual(treatment, await TreatmentAsync("kept", "shop"));
        }

        using HttpResponseMessage same = await ChangeAsync("kept", "shop", """{"treatment":"keep","level":"public"}""");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using HttpResponseMessage columnless = await ChangeAsync("kept", "note", """{"treatment":"redact"}""");
        Assert.Equal(HttpStatusCode.OK, columnless.StatusCode);
        using HttpResponseMessage confirmed = await ChangeAsync("kept", "shop", """{"treatment":"seal","role":"text","domain":[],"discard_stored":true}""");
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        Assert.Equal("seal", await TreatmentAsync("kept", "shop"));
    }

    [Fact]
    public async Task Stored_column_of_a_field_that_nobody_confirmed_is_given_up_only_by_who_says_so()
    {
        const string Event = """{"user_id":"catalog-user","action":"seen","timestamp":"2024-01-15T10:30:00Z","metadata":{"full_screen":true}}""";
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/events", "ingest", Event);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal(("suggested", "keep"), await FieldAsync("events", "admin", "metadata.full_screen") is { } field ? (field.State, field.Treatment) : default);
        using HttpResponseMessage silent = await ChangeAsync("events", "metadata.full_screen", """{"state":"confirmed","role":"text","treatment":"seal"}""");
        await silent.ProblemAsync(HttpStatusCode.Conflict, "would_discard");
        Assert.Equal("keep", await TreatmentAsync("events", "metadata.full_screen"));
    }

    [Fact]
    public async Task Empty_domain_takes_the_domain_away()
    {
        await CreateAsync("undomained");
        using StringContent content = new("""{"domain":[]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Patch, "/api/v1/datasets/undomained/fields/shop", "admin", content);
        Assert.Null((await response.ReadAsync<DatasetDocument>()).Fields.Single(f => f.Name == "shop").Domain);
    }

    [Fact]
    public async Task Further_fields_are_declared_once()
    {
        await CreateAsync("grown");
        const string Fields = """[{"name":"city"},{"name":"comment","role":"text","treatment":"redact"}]""";
        using HttpResponseMessage added = await _server.PostJsonAsync("/api/v1/datasets/grown/fields", "admin", Fields);
        Assert.Equal(7, (await added.ReadAsync<DatasetDocument>()).Fields.Count);
        using HttpResponseMessage again = await _server.PostJsonAsync("/api/v1/datasets/grown/fields", "admin", Fields);
        await again.ProblemAsync(HttpStatusCode.Conflict, "name_taken");
        using HttpResponseMessage subject = await _server.PostJsonAsync("/api/v1/datasets/grown/fields", "admin", """[{"name":"s","role":"subject"}]""");
        await subject.ProblemAsync(HttpStatusCode.UnprocessableEntity, "immutable");
        using HttpResponseMessage none = await _server.PostJsonAsync("/api/v1/datasets/grown/fields", "admin", "[]");
        await none.ProblemAsync(HttpStatusCode.UnprocessableEntity, "missing_field");
    }

    [Theory]
    [InlineData("m", """{"name":"m","query":{"dataset":"metrics","measures":[{"function":"count"}]}}""", HttpStatusCode.OK)]
    [InlineData("m", """{"name":"other","query":{"dataset":"metrics","measures":[{"function":"count"}]}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("m", """{"name":"m","query":{"dataset":"events","measures":[{"function":"count"}]}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("m", """{"name":"m","query":{"dataset":"metrics","measures":[{"function":"count"}],"from":"2024-01-01"}}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("m", """{"name":"m","query":{"dataset":"metrics","measures":[{"function":"guess"}]}}""", HttpStatusCode.BadRequest)]
    [InlineData("m", """{"name":"m","query":"count"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("M%3B", """{"name":"M;","query":{"dataset":"metrics","measures":[{"function":"count"}]}}""", HttpStatusCode.UnprocessableEntity)]
    public async Task Metric_is_declared_if_it_can_be_asked(string name, string body, HttpStatusCode status)
    {
        using HttpResponseMessage made = await _server.PostJsonAsync("/api/v1/datasets", "admin", Declarations.Dataset("metrics"));
        Assert.Contains(made.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]);
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Put, "/api/v1/datasets/metrics/metrics/" + name, "admin", content);
        Assert.Equal(status, response.StatusCode);
        if (status != HttpStatusCode.OK)
            await response.ProblemAsync(status);
    }

    [Fact]
    public async Task Known_subject_has_an_opaque_id_and_an_unknown_one_has_none()
    {
        const string Event = """{"user_id":"looked-up@example.com","action":"seen","timestamp":"2024-01-15T10:30:00Z"}""";
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/events", "ingest", Event);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        string? known = await LookUpAsync("looked-up@example.com");
        Assert.NotNull(known);
        Assert.DoesNotContain("looked-up", known, StringComparison.Ordinal);
        Assert.Equal(known, await LookUpAsync("looked-up@example.com"));
        Assert.Null(await LookUpAsync("nobody@example.com"));
        Assert.DoesNotContain(await _server.LogAsync(limit: 200), e => e.Record.ToString().Contains("looked-up", StringComparison.Ordinal));
    }

    private async Task<DatasetDocument> CreateAsync(string name)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets", "admin", Declarations.Dataset(name));
        DatasetDocument made = await response.ReadAsync<DatasetDocument>(HttpStatusCode.Created);
        Assert.Equal($"/api/v1/datasets/{name}", response.Headers.Location!.OriginalString);
        return made;
    }

    private Task<HttpResponseMessage> ChangeAsync(string dataset, string field, string change) => _server.SendAsync(
        HttpMethod.Patch, $"/api/v1/datasets/{dataset}/fields/{field}", "admin", new StringContent(change, Encoding.UTF8, "application/json"));

    private async Task<string> TreatmentAsync(string dataset, string field)
    {
        using HttpResponseMessage response = await _server.GetAsync($"/api/v1/datasets/{dataset}", "admin");
        return (await response.ReadAsync<DatasetDocument>()).Fields.Single(f => f.Name == field).Treatment;
    }

    private async Task<FieldDocument?> FieldAsync(string dataset, string role, string name)
    {
        using HttpResponseMessage response = await _server.GetAsync($"/api/v1/datasets/{dataset}/fields", role);
        return (await response.ReadAsync<IReadOnlyList<FieldDocument>>()).SingleOrDefault(f => f.Name == name);
    }

    private async Task<string?> LookUpAsync(string identifier)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/subjects/lookup", "admin", $$"""{"identifier":"{{identifier}}"}""");
        return (await response.ReadAsync<LookupDocument>()).SubjectId;
    }
}
