using System.Globalization;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.TokenVault.Shredding;

[OnPostgres]
public sealed class PostgresErasureTests : ErasureTests
{
    [Fact]
    public async Task Statistics_of_the_server_hold_no_time_of_the_erased()
    {
        await using IngestFixture ingest = new();
        string url = Engines.Prepare(Path.Combine(ingest.Folder, "data"));
        DateTime time = ingest.Time.Now;
        await ingest.SendAsync($"[{Event("ann", time.AddMinutes(-7))},{Event("bob", time.AddMinutes(-3))},{Event("bob", time.AddMinutes(-2))}]");
        await ingest.TickAsync();
        string table = EventTable.Name(ingest.BuiltIn);
        PostgresServer.RunIn(url, $"ANALYZE {table}");
        Assert.True(IsKnown());
        await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        Assert.False(IsKnown());

        bool IsKnown() => (bool)PostgresServer.RunIn(
            url,
            $"SELECT '{time.AddMinutes(-7):yyyy-MM-dd HH:mm:ss}' = ANY (SELECT unnest(CAST(CAST(histogram_bounds AS text) AS text[])) FROM pg_stats WHERE tablename = '{table}' AND attname = '{EventTable.Time}')")!;
    }

    private static string Event(string user, DateTime time) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"user_id":"{{user}}","action":"look","timestamp":"{{time:yyyy-MM-ddTHH:mm:ssZ}}"}""");
}
