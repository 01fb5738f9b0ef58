using Opaline.EndToEnd.Tests.Servers;

namespace Opaline.EndToEnd.Tests.Import;

/// <summary>Real files through the real tool: every row arrives, none twice.</summary>
public sealed class ImportTests
{
    private static readonly (string File, string Dataset, long Rows, string[] Options)[] Files =
    [
        ("events/hospital_billing.csv.gz", "hospital", 49_951, ["--subject", "case_id", "--time", "timestamp", "--public-domain-from-file", "activity"]),
        ("events/cdnow.csv.gz", "cdnow", 69_659, ["--subject", "customer_id", "--time", "date", "--measure", "dollars:0:200:0.01"]),
        ("events/wikiticker-2015-09-12-sampled.json.gz", "wikiticker", 39_244, ["--subject", "user", "--time", "time", "--seal", "comment,page"]),
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

        for (int run = 0; run < 2; run++)
        {
            foreach ((string file, string dataset, long rows, string[] options) in Files)
            {
                (int exitCode, string output, string error) = await Commands.OpalineAsync(
                    profile, ["import", Checkout.Data(file)!, "--dataset", dataset, .. options, "--key", "first", "--json"]);
                Assert.True(exitCode == 0, output + error + server.Output);
                // A duplicate is answered exactly like an acceptance.
                Assert.Contains($"\"accepted\": {rows}", output, StringComparison.Ordinal);
            }
        }

        await server.WaitForTickAsync();
        Assert.Equal(0, await server.StopAsync());
        foreach ((_, string dataset, long rows, _) in Files)
            Assert.Equal((rows, rows), await StoredData.CountAsync(server.DataFolder, dataset));
    }
}
