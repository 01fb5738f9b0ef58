using System.Text.Json;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Curl;

/// <summary>The three calls of the README, by curl, as typed.</summary>
public sealed class CurlTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData(
        "ingest",
        """
        curl -X POST localhost:8000/api/v1/events -H "Content-Type: application/json" -H "Authorization: Bearer $TOKEN" -d '{"user_id": "user@example.com","action":"login","timestamp":"2024-01-15T10:30:00Z","metadata":{"ip_address":"192.168.1.1","device":"mobile"}}'
        """,
        "202",
        "accepted")]
    [InlineData(
        "analyst",
        """
        curl "localhost:8000/api/v1/analytics/aggregate?metric=login_count&period=daily" -H "Authorization: Bearer $TOKEN"
        """,
        "200",
        "rows")]
    [InlineData(
        "auditor",
        """
        curl "localhost:8000/api/v1/audit?user_id=admin&action=data_access&limit=100" -H "Authorization: Bearer $TOKEN"
        """,
        "200",
        "records")]
    public async Task Call_of_the_readme_works_as_typed(string role, string call, string status, string property)
    {
        Assert.SkipWhen(Checkout.Program("curl") is null, "curl is not installed.");
        using Client.OpalineClient client = shared.Server.Client(role);
        string token = (await client.GetTokenAsync()).AccessToken;
        // Only the port differs, as port 8000 may be taken here; -s and -w are the test's own eyes.
        string command = call.Replace("localhost:8000", $"127.0.0.1:{shared.Server.Address.Port}", StringComparison.Ordinal)
            .Replace("curl ", "curl -sS -w '\\n%{http_code}' ", StringComparison.Ordinal);
        (int exitCode, string output, string error) = await Commands.RunAsync(
            "sh", ["-c", command], new Dictionary<string, string> { ["TOKEN"] = token });
        Assert.True(exitCode == 0, error);
        string[] lines = output.Split('\n');
        Assert.True(lines[^1] == status, output);
        using JsonDocument body = JsonDocument.Parse(string.Concat(lines[..^1]));
        Assert.True(body.RootElement.TryGetProperty(property, out _), output);
    }

    [Fact]
    public async Task Token_endpoint_answers_a_plain_form()
    {
        Assert.SkipWhen(Checkout.Program("curl") is null, "curl is not installed.");
        Client.Contracts.CredentialDocument analyst = shared.Server.Credentials().Single(c => c.Role == "analyst");
        (int exitCode, string output, string error) = await Commands.RunAsync(
            "curl",
            [
                "-sS", $"{shared.Server.Address}connect/token",
                "-d", "grant_type=client_credentials", "-d", $"client_id={analyst.ClientId}", "--data-urlencode", $"client_secret={analyst.ClientSecret}",
            ]);
        Assert.True(exitCode == 0, error);
        using JsonDocument body = JsonDocument.Parse(output);
        Assert.Equal("Bearer", body.RootElement.GetProperty("token_type").GetString());
    }
}
