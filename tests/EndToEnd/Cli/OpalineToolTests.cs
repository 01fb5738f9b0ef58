using System.Text.Json;
using DuckDB.NET.Data;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Cli;

/// <summary>The opaline tool as a person uses it: a process, its output, its exit code.</summary>
public sealed class OpalineToolTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;

    private ServerProcess Server => _server!;

    private string Profile => _folder.File("profile.json");

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(_folder.Path, arguments: ["--Opaline:Storage:TickSeconds=1"]);
        await ExpectAsync(0, "admin", "init", "--server", Server.Address.ToString(), "--credentials", Server.CredentialsFile);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_of_every_format_arrive_with_each_row_once_and_no_zero_lost()
    {
        const string csv = "person,when,code,note\n007,2024-01-01,01,\"two\nlines\"\n007,2024-01-01,01,\"two\nlines\"\n008,2024-01-02,10,\n";
        await File.WriteAllTextAsync(_folder.File("a.csv"), csv);
        await File.WriteAllTextAsync(_folder.File("b.tsv"), "person\twhen\tcode\n009\t2024-01-03 10:00:00\t01\n");
        await File.WriteAllTextAsync(
            _folder.File("c.ndjson"),
            "{\"person\":\"010\",\"when\":\"2024-01-04T00:00:00Z\",\"code\":\"10\"}\n\n{\"event_id\":\"own\",\"person\":\"011\",\"when\":\"2024-01-04T00:00:00Z\"}");
        await MakeParquetAsync(_folder.File("d.parquet"));

        (int declared, string told) = await RunAsync(
            "import", _folder.File("a.csv"), "--dataset", "d", "--subject", "person", "--time", "when", "--public-domain-from-file", "code", "--seal", "note");
        Assert.True(declared == 0 && told.Contains("3 rows accepted", StringComparison.Ordinal), told);
        Assert.Contains("every value that the file has in code is now public", told, StringComparison.Ordinal);
        await ExpectAsync(0, "1 rows accepted", "import", _folder.File("b.tsv"), "--dataset", "d");
        await ExpectAsync(0, "2 rows accepted", "import", _folder.File("c.ndjson"), "--dataset", "d");
        await ExpectAsync(0, "2 rows accepted", "import", _folder.File("d.parquet"), "--dataset", "d");
        // The key is the file's own hash unless one is given: the same file again adds nothing.
        await ExpectAsync(0, "3 rows accepted", "import", _folder.File("a.csv"), "--dataset", "d");

        (_, string datasets) = await RunAsync("query", """{"dataset":"d","measures":[{"function":"count"}],"group_by":[{"field":"code"}]}""", "--json");
        using JsonDocument answer = JsonDocument.Parse(datasets);
        // The public domain was read from the file, with its zeros.
        Assert.Equal(["01", "10"], answer.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("keys").GetProperty("code").GetString()));

        await Server.WaitForTickAsync();
        Assert.Equal(0, await Server.StopAsync());
        Assert.Equal((8, 8), await StoredData.CountAsync(Server.DataFolder, "d"));
    }

    [Fact]
    public async Task A_token_of_the_tool_opens_what_its_role_may_do()
    {
        (int exitCode, string output) = await RunAsync("token", "--role", "ingest");
        Assert.True(exitCode == 0, output);
        string token = output.TrimEnd('\n'); // as $(…) takes it
        Assert.Equal(3, token.Split('.').Length);
        using HttpClient http = new() { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using StringContent body = new("""{"user_id":"a","action":"login","timestamp":"2024-01-15T10:30:00Z"}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage sent = await http.PostAsync(new Uri("api/v1/events", UriKind.Relative), body);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, sent.StatusCode);
        using HttpResponseMessage read = await http.GetAsync(new Uri("api/v1/budget", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, read.StatusCode);
    }

    [Fact]
    public async Task A_person_is_served_from_lookup_to_a_receipt_that_verifies_without_the_server()
    {
        await File.WriteAllTextAsync(
            _folder.File("e.ndjson"),
            """{"user_id":"tool-me@example.com","action":"login","timestamp":"2024-01-15T10:30:00Z","metadata":{"email":"Tool.Me@mail.example"}}""");
        await ExpectAsync(0, "1 rows accepted", "import", _folder.File("e.ndjson"), "--dataset", "events");
        (int found, string printed) = await RunAsync("subject", "lookup", "--identifier", "tool-me@example.com");
        Assert.True(found == 0, printed);
        string id = printed.Trim();
        (_, string shown) = await RunAsync("subject", "show", id, "--json");
        using JsonDocument subject = JsonDocument.Parse(shown);
        string email = subject.RootElement.GetProperty("tokens")[1].GetProperty("token").GetString()!;
        await ExpectAsync(0, "Tool.Me@mail.example", "reveal", email, "--reason", "Support ticket OPS-1234");
        await ExpectAsync(0, "Support ticket OPS-1234", "subject", "reveals", id);
        await ExpectAsync(0, "only you may read", "subject", "export", id, "--reason", "Request OPS-1234", "--out", _folder.File("export.json"));
        Assert.Contains("tool-me@example.com", await File.ReadAllTextAsync(_folder.File("export.json")), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("export.json")));
        await ExpectAsync(0, "from version 1 to 2 is done", "keys", "rotate");
        await ExpectAsync(0, "decode_only", "keys", "list");
        await ExpectAsync(2, "--yes", "keys", "destroy", "1");
        await ExpectAsync(0, "All keys are under version 2 of the root key", "keys", "root", "rotate");
        await ExpectAsync(0, "All keys are under version 2 of the root key", "keys", "root", "rewrap");
        await ExpectAsync(2, "--yes", "subject", "erase", id);
        await ExpectAsync(0, ".", "subject", "erase", id, "--yes", "--out", _folder.File("receipt.txt"));
        (_, string pem) = await RunAsync("receipt", "key");
        await File.WriteAllTextAsync(_folder.File("receipt.pem"), pem);
        Assert.Equal(0, await Server.StopAsync());

        await ExpectAsync(0, "The signature holds.", "receipt", "verify", _folder.File("receipt.txt"), "--key", _folder.File("receipt.pem"));
        string receipt = await File.ReadAllTextAsync(_folder.File("receipt.txt"));
        await File.WriteAllTextAsync(_folder.File("forged.txt"), receipt.Replace(receipt.Split('.')[1][..8], "eyJ2ZXJT", StringComparison.Ordinal));
        await ExpectAsync(1, "signature does not hold", "receipt", "verify", _folder.File("forged.txt"), "--key", _folder.File("receipt.pem"));
        await ExpectAsync(2, "no receipt", "receipt", "verify", _folder.File("export.json"), "--key", _folder.File("receipt.pem"));
    }

    [Fact]
    public async Task Seeded_events_arrive_and_can_be_asked_about()
    {
        await ExpectAsync(0, "1,000 events accepted, 0 rejected", "seed", "--count", "1000", "--people", "50", "--days", "3");
        await ExpectAsync(2, "--count must be between 1 and", "seed", "--count", "0");
        await ExpectAsync(0, "login_count", "query", "--metric", "login_count", "--period", "daily");
        await Server.WaitForTickAsync();
        Assert.Equal(0, await Server.StopAsync());
        Assert.Equal((1_000, 1_000), await StoredData.CountAsync(Server.DataFolder, "events"));
    }

    [Fact]
    public async Task Every_failure_has_an_exit_code_and_says_what_to_do()
    {
        await File.WriteAllTextAsync(_folder.File("x.csv"), "person,when\na,2024-01-01\n,2024-01-01\n");
        await ExpectAsync(2, "--subject COLUMN --time COLUMN", "import", _folder.File("x.csv"), "--dataset", "x");
        await ExpectAsync(2, "Its columns are person, when", "import", _folder.File("x.csv"), "--dataset", "x", "--subject", "who", "--time", "when");
        await ExpectAsync(2, "COLUMN:LOWER:UPPER:GRANULARITY", "import", _folder.File("x.csv"), "--dataset", "x", "--measure", "a:1");
        await ExpectAsync(2, "--public-domain-from-file", "import", _folder.File("x.csv"), "--dataset", "x", "--subject", "person", "--time", "when", "--public-domain", "person");
        await ExpectAsync(2, "There is no file", "import", _folder.File("y.csv"), "--dataset", "x");
        await ExpectAsync(4, "1 rejected", "import", _folder.File("x.csv"), "--dataset", "x", "--subject", "person", "--time", "when");
        await ExpectAsync(2, "its subject is person", "import", _folder.File("x.csv"), "--dataset", "x", "--subject", "when");
        await ExpectAsync(1, "forbidden", "budget", "--role", "viewer");
        await ExpectAsync(2, "either a JSON query or --metric", "query");
        await ExpectAsync(3, "check that the server runs", "--server", $"http://127.0.0.1:{ServerProcess.FreePort()}", "budget");
        await ExpectAsync(2, "opaline init", "--profile", _folder.File("nobody.json"), "budget");
        await ExpectAsync(0, "Usage", "import", "--help");
        await ExpectAsync(0, "login", "audit", "--actor", "viewer");
    }

    private static async Task MakeParquetAsync(string path)
    {
        await using DuckDBConnection connection = new("DataSource=:memory:");
        await connection.OpenAsync();
        await using DuckDBCommand command = connection.CreateCommand();
        command.CommandText =
            $$"""
            COPY (SELECT '012' AS person, TIMESTAMP '2024-01-05 11:00:00' AS "when", '01' AS code, 1.5 AS ratio, [1, 2] AS parts, 'Infinity'::DOUBLE AS far
                  UNION ALL SELECT '013', TIMESTAMP '2024-01-05 12:00:00', NULL, 2.5, NULL, 1.0) TO '{{path}}' (FORMAT parquet)
            """;
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await Commands.OpalineAsync(Profile, arguments);
        return (exitCode, output + error);
    }

    private async Task ExpectAsync(int exitCode, string text, params string[] arguments)
    {
        (int code, string output) = await RunAsync(arguments);
        Assert.True(code == exitCode && output.Contains(text, StringComparison.Ordinal), $"{string.Join(' ', arguments)}: {code}\n{output}\n{Server.Output}");
    }
}
