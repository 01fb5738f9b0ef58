using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>
/// Real people's names and addresses go in; none of them may be found anywhere afterwards. The search goes through both engines, as
/// DuckDB compresses strings and a grep of its file would prove nothing, and over the raw bytes of every file besides.
/// </summary>
public sealed class LeakTests : IAsyncDisposable
{
    private const int BatchSize = 2_000;
    private const int Rows = 39_244;

    private readonly CapturedLog _log = new();
    private readonly IngestFixture _ingest;
    private readonly MemoryStream _responses = new();

    public LeakTests() => _ingest = new IngestFixture(services => services.AddLogging(b => b.AddProvider(_log).SetMinimumLevel(LogLevel.Trace)));

    public ValueTask DisposeAsync() => _ingest.DisposeAsync();

    [Fact]
    public async Task No_name_and_no_address_is_found_anywhere_and_every_row_arrives_once()
    {
        Wikiticker data = Wikiticker.Load();
        NeedleSearch search = await NeedlesAsync(data);
        Assert.True(search.Count > 5_000);

        Dataset dataset = await _ingest.DeclareAsync("wiki", "UTC", Wikiticker.Fields());
        for (int first = 0; first < data.Lines.Count; first += BatchSize)
        {
            await SendAsync(data.Body(first, BatchSize), dataset);

            // Before settling the inbox and both write-ahead logs are at their fullest.
            if (first == 10 * BatchSize)
                Assert.Empty(await FindAsync(search));
            if (first % (5 * BatchSize) == 0)
                await _ingest.SettleAsync();
        }

        Assert.Equal(Rows, await _ingest.CountAsync(dataset));
        Assert.Empty(await FindAsync(search));

        for (int first = 0; first < data.Lines.Count; first += BatchSize)
            await SendAsync(data.Body(first, BatchSize), dataset);
        Assert.Equal(Rows, await _ingest.CountAsync(dataset));
        Assert.Equal(10_531L, (await _ingest.RowsAsync($"SELECT count(DISTINCT subject) FROM {EventTable.Name(dataset)}"))[0][0]);
        await _ingest.RestartAsync();
        Assert.Empty(await FindAsync(search));
    }

    [Fact]
    public async Task A_planted_leak_is_found_in_either_engine_in_the_files_in_the_log_and_in_an_answer()
    {
        Wikiticker data = Wikiticker.Load();
        NeedleSearch search = new(data.Needles());
        string[] names = [.. data.Lines.Select(Wikiticker.User).Distinct().Where(u => !Wikiticker.IsAddress(u) && search.Find(Encoding.UTF8.GetBytes(u)).Contains(u)).Take(4)];
        Dataset dataset = await _ingest.DeclareAsync("leaky", "UTC",
        [
            .. Wikiticker.Fields(),
            new("nick", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, new(TreatmentKind.Keep)),
        ]);
        Assert.Empty(await FindAsync(search));
        // Another person's name: a person's own would be sealed.
        string other = "nobody";
        await SendAsync(data.Body(0, BatchSize, Nick), dataset);
        HashSet<string> waiting = await FindAsync(search);
        Assert.True(waiting.Count > 100, "The inbox frame was not searched.");
        await _ingest.SettleAsync();
        Assert.True((await InEventsAsync(search)).Count > 100, "The event table was not searched.");

        Assert.DoesNotContain(names[0], await InControlAsync(search));
        await _ingest.Services.GetRequiredService<AuditLog>().WriteAsync(
            new AuditRecord(Tenant.Default, "app", null, AuditActions.System, names[0], "ok"), IngestFixture.Cancel);
        Assert.Contains(names[0], await InControlAsync(search));
        Assert.Contains(names[0], InFiles(search));

        _ingest.Services.GetRequiredService<ILoggerFactory>().CreateLogger("leak").LogTrace("{Name}", names[1]);
        Assert.Contains(names[1], search.Find(_log.ToUtf8()));
        _responses.Write(Encoding.UTF8.GetBytes(names[2]));
        Assert.Contains(names[2], search.Find(_responses.ToArray()));

        string Nick(string line)
        {
            string nick = $"\"nick\":{JsonSerializer.Serialize(other)},";
            other = Wikiticker.User(line);
            return nick;
        }
    }

    // A user may be called like a word that a store or a log holds anyway: what a store without any event shows is no leak.
    private static async Task<NeedleSearch> NeedlesAsync(Wikiticker data)
    {
        string[] needles = data.Needles();
        await using LeakTests empty = new();
        await empty._ingest.DeclareAsync("wiki", "UTC", Wikiticker.Fields());
        HashSet<string> words = await empty.FindAsync(new NeedleSearch(needles));
        Assert.True(words.Count < 20);
        return new NeedleSearch(needles.Where(n => !words.Contains(n)));
    }

    private async Task SendAsync(byte[] body, Dataset dataset)
    {
        IngestReceipt receipt = await _ingest.SendAsync(body, BodyFormat.NdJson, dataset: dataset);
        Assert.Empty(receipt.Errors);
        _responses.Write(JsonSerializer.SerializeToUtf8Bytes(receipt));
    }

    private async Task<HashSet<string>> FindAsync(NeedleSearch search) =>
    [
        .. await InControlAsync(search),
        .. await InEventsAsync(search),
        .. InFiles(search),
        .. search.Find(_log.ToUtf8()),
        .. search.Find(_responses.ToArray()),
    ];

    /// <summary>Every column of every table of the control store, keys and schema included.</summary>
    private Task<HashSet<string>> InControlAsync(NeedleSearch search) => _ingest.Control.ReadAsync(
        connection =>
        {
            HashSet<string> found = [];
            List<string> tables = ["sqlite_master"];
            Each(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", value => tables.Add((string)value));
            Assert.Contains("vault_holder", tables);
            Assert.Contains("inbox", tables);
            foreach (string table in tables)
                Each(connection, $"SELECT * FROM \"{table}\"", value => found.UnionWith(search.Find(Bytes(value))));
            return found;
        },
        IngestFixture.Cancel);

    /// <summary>Every column of every table of the event store; blobs in hexadecimal through the engine, then as bytes.</summary>
    private async Task<HashSet<string>> InEventsAsync(NeedleSearch search)
    {
        HashSet<string> found = [];
        IReadOnlyList<object?[]> columns = await _ingest.RowsAsync(
            "SELECT table_catalog, table_schema, table_name, column_name, data_type FROM information_schema.columns WHERE table_catalog NOT IN ('system')");
        foreach (object?[] column in columns)
        {
            bool blob = (string)column[4]! == "BLOB";
            string name = $"\"{column[3]}\"";
            IReadOnlyList<object?[]> rows = await _ingest.RowsAsync(
                $"SELECT {(blob ? $"hex({name})" : $"CAST({name} AS VARCHAR)")} FROM \"{column[0]}\".\"{column[1]}\".\"{column[2]}\"");
            found.UnionWith(search.Find(Encoding.UTF8.GetBytes($"{column[2]} {column[3]}")));
            foreach (object?[] row in rows)
            {
                if (row[0] is string text)
                    found.UnionWith(search.Find(blob ? Convert.FromHexString(text) : Encoding.UTF8.GetBytes(text)));
            }
        }

        return found;
    }

    /// <summary>The raw bytes of every file: databases, write-ahead logs, temporary files, keys.</summary>
    private HashSet<string> InFiles(NeedleSearch search)
    {
        HashSet<string> found = [];
        string[] files = Directory.GetFiles(_ingest.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("control.db", StringComparison.Ordinal));
        foreach (string file in files)
        {
            // The lock against a second server is empty, and may not be opened.
            if (new FileInfo(file).Length == 0)
                continue;
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            found.UnionWith(search.Find(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
            found.UnionWith(search.Find(Encoding.UTF8.GetBytes(Path.GetFileName(file))));
        }

        return found;
    }

    private static void Each(DbConnection connection, string sql, Action<object> value)
    {
        using DbCommand command = connection.Command(sql);
        using DbDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            for (int i = 0; i < reader.FieldCount; i++)
            {
                if (!reader.IsDBNull(i))
                    value(reader.GetValue(i));
            }
        }
    }

    private static byte[] Bytes(object value) => value as byte[]
        ?? Encoding.UTF8.GetBytes(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!);
}
