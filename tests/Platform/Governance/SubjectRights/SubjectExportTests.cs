using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Catalog;
using Opaline.Governance;
using Opaline.Platform.Tests.Ingestion;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Governance.SubjectRights;

public class SubjectExportTests
{
    private const string Reason = "Request for access OPS-1234";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_holds_identifier_values_and_every_row_opened_and_nothing_of_others()
    {
        await using IngestFixture ingest = await FilledAsync();
        using JsonDocument json = JsonDocument.Parse(await JsonAsync(ingest, "ann"));
        JsonElement root = json.RootElement;
        Assert.Equal("ann", root.GetProperty("identifier").GetString());
        Assert.Equal(["metadata.email=Ann@Example.com", "metadata.email=ann@work.example"], root.GetProperty("values").EnumerateArray()
            .Select(v => $"{v.GetProperty("field")}={v.GetProperty("value")}"));
        Assert.Equal(["events", "shop"], root.GetProperty("datasets").EnumerateArray().Select(d => d.GetProperty("dataset").GetString()));
        JsonElement[] events = [.. root.GetProperty("datasets")[0].GetProperty("rows").EnumerateArray()];
        Assert.Equal(2, events.Length);
        Assert.Equal("2025-06-01T12:00:00Z", events[0].GetProperty("time").GetString());
        JsonElement fields = events[0].GetProperty("fields");
        Assert.Equal("login", fields.GetProperty("action").GetString());
        Assert.Equal("Ann@Example.com", fields.GetProperty("metadata.email").GetString());
        Assert.Equal("a \"quoted\" note, é", fields.GetProperty("metadata.note").GetString());
        Assert.True(fields.GetProperty("metadata.vip").GetBoolean());
        JsonElement bought = Assert.Single(root.GetProperty("datasets")[1].GetProperty("rows").EnumerateArray()).GetProperty("fields");
        Assert.Equal(12.5m, bought.GetProperty("dollars").GetDecimal());
        Assert.DoesNotContain("bob", json.RootElement.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Csv_has_one_line_per_value()
    {
        await using IngestFixture ingest = await FilledAsync();
        using OpenExport export = await OpenAsync(ingest, "ann");
        using MemoryStream bytes = new();
        await export.WriteCsvAsync(bytes, Cancel);
        string[] lines = Encoding.UTF8.GetString(bytes.ToArray()).Split("\r\n");
        Assert.Equal("dataset,row,time,field,value", lines[0]);
        Assert.Equal(",,,identifier,ann", lines[1]);
        Assert.Contains(",,,metadata.email,ann@work.example", lines);
        Assert.Contains("events,1,2025-06-01T12:00:00.0000000Z,action,login", lines);
        Assert.Contains("events,1,2025-06-01T12:00:00.0000000Z,metadata.note,\"a \"\"quoted\"\" note, é\"", lines);
        Assert.Contains(lines, l => l.StartsWith("shop,1,2025-06-02T00:00:00.0000000Z,dollars,12.5", StringComparison.Ordinal));
        Assert.Equal("", lines[^1]);
        Assert.DoesNotContain("bob", string.Concat(lines), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rows_of_many_pages_come_each_once()
    {
        await using IngestFixture ingest = new();
        for (int i = 0; i < 3; i++)
            await ingest.SendAsync($"[{string.Join(',', Enumerable.Repeat(IngestFixture.Event("ann"), 800))}]");
        await ingest.TickAsync();
        using JsonDocument json = JsonDocument.Parse(await JsonAsync(ingest, "ann"));
        Assert.Equal(2_400, json.RootElement.GetProperty("datasets")[0].GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task Export_needs_a_reason_and_is_charged_and_recorded_before_anything_is_opened()
    {
        await using IngestFixture ingest = await FilledAsync();
        RevealRefusedException refused = await Assert.ThrowsAsync<RevealRefusedException>(() => OpenAsync(ingest, "ann", "no"));
        Assert.Equal(RevealRefusedException.InvalidReason, refused.Code);
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_reveal"));
        using OpenExport export = await OpenAsync(ingest, "ann");
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_reveal"));
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM audit_outbox WHERE action = 'subject_export'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_ends_when_the_person_is_erased_while_it_is_written(bool csv)
    {
        await using IngestFixture ingest = new(services => services.AddSingleton<SubjectExport>());
        for (int i = 0; i < 4; i++)
            await ingest.SendAsync($"[{string.Join(',', Enumerable.Repeat(IngestFixture.Event("ann", metadata: "{\"note\":\"" + new string('n', 200) + "\"}"), 800))}]");
        await ingest.TickAsync();
        using OpenExport export = await OpenAsync(ingest, "ann");
        await ingest.RequestErasureAsync("ann");
        using ErasingStream destination = new(ingest.TickAsync);
        await Assert.ThrowsAsync<SubjectErasedException>(() => csv ? export.WriteCsvAsync(destination, Cancel) : export.WriteJsonAsync(destination, Cancel));
        string written = Encoding.UTF8.GetString(destination.ToArray());
        Assert.Contains("ann", written, StringComparison.Ordinal);
        Assert.InRange(written.Split("metadata.note").Length - 1, 1, 1_000);
        if (!csv)
            Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(written));
    }

    [Fact]
    public async Task Export_of_a_person_who_was_erased_before_the_first_byte_writes_none_and_leaves_no_reveal()
    {
        await using IngestFixture ingest = await FilledAsync();
        using OpenExport export = await OpenAsync(ingest, "ann");
        KnownSubject subject = (await ingest.Vault.FindSubjectAsync(Tenant.Default, (await ingest.LookUpAsync("ann"))!, Cancel))!;
        await ingest.RequestErasureAsync("ann");
        await ingest.TickAsync();
        using MemoryStream destination = new();
        await Assert.ThrowsAsync<SubjectErasedException>(() => export.WriteJsonAsync(destination, Cancel));
        await Assert.ThrowsAsync<SubjectErasedException>(() => export.WriteCsvAsync(destination, Cancel));
        Assert.Equal(0, destination.Length);
        Assert.Null(await ingest.Services.GetRequiredService<SubjectExport>().OpenAsync(IngestFixture.Admin, subject, Reason, Cancel));
        Assert.Equal(0, await ingest.ScalarAsync("SELECT COUNT(*) FROM vault_reveal WHERE entry_id <> 0"));
    }

    [Fact]
    public async Task Csv_holds_no_formula()
    {
        await using IngestFixture ingest = new(services => services.AddSingleton<SubjectExport>());
        await ingest.SendAsync(IngestFixture.Event("=1+2", metadata: """{"note":"=HYPERLINK(\"http://x\")","plus":"+cmd|' /C calc'!A0","at":" @SUM(1)","minus":"-12.5","tab":"\t=1"}"""));
        await ingest.TickAsync();
        using OpenExport export = await OpenAsync(ingest, "=1+2");
        using MemoryStream bytes = new();
        await export.WriteCsvAsync(bytes, Cancel);
        string csv = Encoding.UTF8.GetString(bytes.ToArray());
        Assert.Contains(",identifier,'=1+2\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("metadata.note,\"'=HYPERLINK(\"\"http://x\"\")\"", csv, StringComparison.Ordinal);
        Assert.Contains("metadata.plus,'+cmd", csv, StringComparison.Ordinal);
        Assert.Contains("metadata.at,' @SUM(1)", csv, StringComparison.Ordinal);
        Assert.Contains("metadata.minus,-12.5", csv, StringComparison.Ordinal);
        Assert.Contains("metadata.tab,'\t=1", csv, StringComparison.Ordinal);
    }

    private static async Task<IngestFixture> FilledAsync()
    {
        IngestFixture ingest = new(services => services.AddSingleton<SubjectExport>());
        FieldDeclaration[] fields =
        [
            new("customer", FieldType.String, FieldRole.Subject, Storage.Datasets.Confirmed, new(TreatmentKind.Tokenize)),
            new("date", FieldType.Date, FieldRole.Time, Storage.Datasets.Confirmed, new(TreatmentKind.Keep)),
            new("dollars", FieldType.Decimal, FieldRole.Measure, Storage.Datasets.Confirmed, new(TreatmentKind.Keep), Measure: new MeasureBounds(0, 200, 0.01m)),
        ];
        DatasetDeclaration shop = EventsDataset.Declaration(Tenant.Default) with { Name = "shop", Fields = fields };
        Dataset declared = await ingest.Control.WriteAsync(tx => ingest.Catalog.Create(tx, shop), Cancel);
        await ingest.SendAsync(
            $$"""
            [{{IngestFixture.Event("ann", metadata: """{"email":"Ann@Example.com","note":"a \"quoted\" note, é","vip":true}""")}},
             {{IngestFixture.Event("bob", metadata: """{"email":"bob@example.com","note":"of bob"}""")}},
             {{IngestFixture.Event("ann", "logout", metadata: """{"email":"ann@work.example"}""")}}]
            """);
        await ingest.SendAsync("""{"customer":"ann","date":"2025-06-02","dollars":12.5}""", dataset: declared);
        await ingest.TickAsync();
        return ingest;
    }

    private static async Task<string> JsonAsync(IngestFixture ingest, string raw)
    {
        using OpenExport export = await OpenAsync(ingest, raw);
        using MemoryStream bytes = new();
        await export.WriteJsonAsync(bytes, Cancel);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static async Task<OpenExport> OpenAsync(IngestFixture ingest, string raw, string reason = Reason)
    {
        KnownSubject subject = (await ingest.Vault.FindSubjectAsync(Tenant.Default, (await ingest.LookUpAsync(raw))!, Cancel))!;
        SubjectExport exports = ActivatorUtilities.GetServiceOrCreateInstance<SubjectExport>(ingest.Services);
        return (await exports.OpenAsync(IngestFixture.Admin, subject, reason, Cancel))!;
    }
}
