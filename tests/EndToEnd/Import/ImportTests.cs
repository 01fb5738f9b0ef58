using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Import;

/// <summary>Real files through the real tool: every row arrives, none twice.</summary>
public sealed class ImportTests
{
    private const string Wikiticker = "events/wikiticker-2015-09-12-sampled.json.gz";

    private static readonly (string File, string Dataset, long Rows, string[] Options)[] Files =
    [
        ("events/hospital_billing.csv.gz", "hospital", 49_951, ["--subject", "case_id", "--time", "timestamp", "--public-domain-from-file", "activity"]),
        ("events/cdnow.csv.gz", "cdnow", 69_659, ["--subject", "customer_id", "--time", "date", "--measure", "dollars:0:200:0.01"]),
        (Wikiticker, "wikiticker", 39_244, ["--subject", "user", "--time", "time", "--seal", "comment,page"]),
    ];

    [Fact]
    public async Task Imported_files_arrive_whole_and_a_second_import_with_the_same_key_adds_nothing()
    {
        foreach ((string file, _, _, _) in Files)
            Assert.SkipWhen(Checkout.Data(file) is null, $"The public data is not here: set OPALINE_DATA ({file} is missing).");
        using TemporaryFolder folder = new();
        string profile = folder.File("profile.json");
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path);
        (int init, _, string initError) = await Commands.OpalineAsync(
            profile, "init", "--server", server.Address.ToString(), "--credentials", server.CredentialsFile);
        Assert.True(init == 0, initError);

        StringBuilder seen = new();
        for (int run = 0; run < 2; run++)
        {
            // Again: the first file, and all of them in the long form.
            foreach ((string file, string dataset, long rows, string[] options) in run == 0 || LongRuns.Enabled ? Files : Files[..1])
            {
                (int exitCode, string output, string error) = await Commands.OpalineAsync(
                    profile, ["import", Checkout.Data(file)!, "--dataset", dataset, .. options, "--key", "first", "--json"]);
                Assert.True(exitCode == 0, output + error + server.Output);
                seen.AppendLine(output).AppendLine(error);
                // A duplicate is answered exactly like an acceptance.
                Assert.Contains($"\"accepted\": {rows}", output, StringComparison.Ordinal);
            }
        }

        await server.WaitForTickAsync();
        await LookAroundAsync(server, seen);
        Assert.Equal(0, await server.StopAsync());
        AssertNamesNobody(seen.Append(server.Output).ToString());
        foreach ((_, string dataset, long rows, _) in Files)
            Assert.Equal((rows, rows), await StoredData.CountAsync(server.DataFolder, dataset));
    }

    /// <summary>Everything that is told over HTTP after the import: answers, refusals, catalog, budgets and the log.</summary>
    private static async Task LookAroundAsync(ServerProcess server, StringBuilder seen)
    {
        (string Role, string Path, string? Body)[] calls =
        [
            ("analyst", "analytics/query", """{"dataset":"wikiticker","measures":[{"function":"count"}],"group_by":[{"field":"channel"}]}"""),
            ("analyst", "analytics/query", """{"dataset":"wikiticker","measures":[{"function":"count"},{"function":"distinct_subjects"}],"group_by":[{"period":"hour"}]}"""),
            ("analyst", "analytics/query", """{"dataset":"wikiticker","measures":[{"function":"count"}],"group_by":[{"field":"user"}]}"""),
            ("analyst", "analytics/query", """{"dataset":"wikiticker","measures":[{"function":"count"}],"group_by":[{"field":"comment"}]}"""),
            ("analyst", "budget?dataset=wikiticker", null),
            ("admin", "datasets/wikiticker", null),
            ("ingest", "datasets/wikiticker/rows", """{"user":7,"time":"never"}"""),
            ("auditor", "audit?limit=1000", null),
            ("admin", "../../metrics", null),
        ];
        using HttpClient http = new() { BaseAddress = new Uri(server.Address, "api/v1/") };
        foreach ((string role, string path, string? body) in calls)
        {
            using Client.OpalineClient client = server.Client(role);
            using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(path, UriKind.Relative));
            request.Headers.Authorization = new("Bearer", (await client.GetTokenAsync()).AccessToken);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await http.SendAsync(request);
            Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, response.ToString());
            seen.AppendLine(response.ToString()).AppendLine(await response.Content.ReadAsStringAsync());
        }
    }

    private static void AssertNamesNobody(string text)
    {
        Assert.Contains("wikiticker", text, StringComparison.Ordinal);
        string[] people = [.. People()];
        Assert.True(people.Length > 2_000, $"Only {people.Length} names to look for.");
        Assert.DoesNotContain(people, p => text.Contains(p, StringComparison.Ordinal));
        // The search itself: what is there is found.
        Assert.Contains(people, p => (text + people[^1]).Contains(p, StringComparison.Ordinal));
    }

    /// <summary>The names and addresses of at least 8 characters that stand in no column but the subject's and the sealed ones.</summary>
    private static IEnumerable<string> People()
    {
        HashSet<string> people = [];
        HashSet<string> others = [];
        using StreamReader reader = new(new GZipStream(File.OpenRead(Checkout.Data(Wikiticker)!), CompressionMode.Decompress));
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            using JsonDocument row = JsonDocument.Parse(line);
            foreach (JsonProperty property in row.RootElement.EnumerateObject())
                (property.Name == "user" ? people : others).Add(property.Name is "comment" or "page" ? "" : property.Value.ToString());
        }

        string all = string.Join('\n', others);
        return people.Where(p => p.Length >= 8 && !all.Contains(p, StringComparison.Ordinal));
    }
}
