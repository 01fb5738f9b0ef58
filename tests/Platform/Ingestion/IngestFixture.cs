using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.Ingestion;

/// <summary>Layer 1 on the real stores (<see cref="Engines"/>), in a folder of its own; can be restarted on the same data.</summary>
internal sealed class IngestFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Action<IServiceCollection>? _configure;
    private ServiceProvider _provider;

    public IngestFixture(Action<IServiceCollection>? configure = null)
    {
        _configure = configure;
        _provider = Build();
    }

    /// <summary>The sealed part of a row in hexadecimal, in the engine's words.</summary>
    public static string Hex => Engines.OnPostgres ? "encode(sealed, 'hex')" : "hex(sealed)";

    // The order of insertion.
    private static string Place => Engines.OnPostgres ? "seq" : "rowid";

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ManualTime Time { get; } = new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    public string Folder => _folder.Path;

    public IServiceProvider Services => _provider;

    public IngestPipeline Pipeline => _provider.GetRequiredService<IngestPipeline>();

    public IControlStore Control => _provider.GetRequiredService<IControlStore>();

    public IEventStore Events => _provider.GetRequiredService<IEventStore>();

    public CatalogStore Catalog => _provider.GetRequiredService<CatalogStore>();

    public Vault Vault => _provider.GetRequiredService<Vault>();

    public Shredder Shredder => _provider.GetRequiredService<Shredder>();

    public RevealService Reveals => _provider.GetRequiredService<RevealService>();

    public static Caller Admin { get; } = new(Tenant.Default, "admin", "it", Role.Admin);

    public Settler Settler => _provider.GetRequiredService<Settler>();

    public Dataset BuiltIn => Catalog.Find(Tenant.Default, EventsDataset.Name) ?? throw new InvalidOperationException("No built-in dataset.");

    public static string Event(string user = "ann", string action = "login", string? id = null, string? metadata = null) =>
        $$"""{"user_id":"{{user}}","action":"{{action}}","timestamp":"2025-06-01T12:00:00Z"{{(id is null ? "" : $",\"event_id\":\"{id}\"")}}{{(metadata is null ? "" : ",\"metadata\":" + metadata)}}}""";

    public Task<IngestReceipt> SendAsync(
        string body, BodyFormat format = BodyFormat.Json, string? key = null, Dataset? dataset = null, string client = "app", string? source = null) =>
        SendAsync(Encoding.UTF8.GetBytes(body), format, key, dataset, client, source);

    public Task<IngestReceipt> SendAsync(
        ReadOnlyMemory<byte> body, BodyFormat format = BodyFormat.Json, string? key = null, Dataset? dataset = null, string client = "app", string? source = null) =>
        Pipeline.IngestAsync(new IngestBatch(new Caller(Tenant.Default, client, "it", Role.Ingest), dataset ?? BuiltIn, body, format, key, source), Cancel);

    public async Task<IngestRefusedException> RefusedAsync(string body, BodyFormat format = BodyFormat.Json, string? key = null, string? source = null) =>
        await Assert.ThrowsAsync<IngestRefusedException>(() => SendAsync(body, format, key, source: source));

    public Task<Dataset> DeclareAsync(string name, string zone, params FieldDeclaration[] fields)
    {
        DatasetDeclaration declaration = EventsDataset.Declaration(Tenant.Default) with { Name = name, TimeZone = zone, Fields = fields };
        return Control.WriteAsync(tx => Catalog.Create(tx, declaration), Cancel);
    }

    public Task SettleAsync() => Settler.SettleAsync(Cancel);

    /// <summary>Lets the next public tick come.</summary>
    public async Task TickAsync()
    {
        Time.Now += TimeSpan.FromSeconds(10);
        await Settler.TickAsync(Cancel);
        // The settler only logs why files could not be cleaned, and tries again: a test shall hear it.
        await Shredder.CleanUpAsync(Cancel);
    }

    /// <summary>The person's opaque id, or null.</summary>
    public Task<string?> LookUpAsync(string raw, Dataset? dataset = null) =>
        Vault.LookUpSubjectAsync(Tenant.Default, (dataset ?? BuiltIn).SubjectScope, raw, Cancel);

    /// <summary>Asks for the person's erasure, which begins at the next tick.</summary>
    public async Task<Erasure> RequestErasureAsync(string raw, Dataset? dataset = null)
    {
        KnownSubject subject = (await Vault.FindSubjectAsync(Tenant.Default, (await LookUpAsync(raw, dataset))!, Cancel))!;
        return await Control.WriteAsync(transaction => Shredder.Request(transaction, subject, Admin), Cancel);
    }

    /// <summary>Dictionary id of the person.</summary>
    public async Task<long> NumberAsync(string raw, Dataset? dataset = null) =>
        (await Vault.FindSubjectAsync(Tenant.Default, (await LookUpAsync(raw, dataset))!, Cancel))!.Id;

    public async Task<long> CountAsync(Dataset? dataset = null)
    {
        await SettleAsync();
        return (long)(await RowsAsync($"SELECT count(*) FROM {EventTable.Name(dataset ?? BuiltIn)}"))[0][0]!;
    }

    public Task<IReadOnlyList<object?[]>> RowsAsync(string sql) => Events.AggregateAsync(sql, [], Cancel);

    /// <summary>The settled values of a field's column, oldest first, as text; null where there is none.</summary>
    public async Task<string?[]> ColumnAsync(string field, Dataset? dataset = null)
    {
        await SettleAsync();
        Dataset current = Catalog.Find((dataset ?? BuiltIn).Id)!;
        string column = EventTable.Column(current.Find(field)!);
        IReadOnlyList<object?[]> rows = await RowsAsync($"SELECT CAST({column} AS VARCHAR) FROM {EventTable.Name(current)} ORDER BY lsn, {Place}");
        return [.. rows.Select(r => (string?)r[0])];
    }

    /// <summary>The opened sealed parts of all rows, oldest first; null where nothing is sealed.</summary>
    public async Task<string?[]> SealedAsync(Dataset? dataset = null)
    {
        await SettleAsync();
        Dataset current = dataset ?? BuiltIn;
        IReadOnlyList<object?[]> rows = await RowsAsync(
            $"SELECT subject, CAST(event_key AS VARCHAR), {Hex} FROM {EventTable.Name(current)} ORDER BY lsn, {Place}");
        List<string?> opened = [];
        foreach (object?[] row in rows)
        {
            opened.Add(row[2] is not string box
                ? null
                : await OpenAsync((long)row[0]!, SealedFields.AssociatedData(current.Tenant, current.Id, Guid.Parse((string)row[1]!)), Convert.FromHexString(box)));
        }

        return [.. opened];
    }

    public async Task<long> ScalarAsync(string sql) =>
        await Control.ReadAsync(c => Convert.ToInt64(c.Scalar(sql), CultureInfo.InvariantCulture), Cancel);

    /// <summary>Closes everything and opens it again on the same files.</summary>
    public async Task RestartAsync()
    {
        await _provider.DisposeAsync();
        _provider = Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    private ServiceProvider Build()
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging();
        services.AddSingleton<IRootKey>(_ => RootKeyFile.Open(new RootKeyFileOptions { Folder = _folder.File("keys") }));
        string data = _folder.File("data");
        string url = Engines.Prepare(data);
        services.AddStorage(o =>
        {
            o.DataFolder = data;
            o.Url = url;
        });
        services.AddAudit();
        services.AddTokenVault();
        services.AddIngestion();
        _configure?.Invoke(services);
        Directory.CreateDirectory(_folder.Path);
        return services.BuildServiceProvider();
    }

    private async Task<string> OpenAsync(long subject, byte[] associatedData, byte[] box)
    {
        StoredTenantKeys stored = (await Control.ReadAsync(c => TenantKeyTable.Read(c, Tenant.Default.Value), Cancel)).Single(k => k.State == KeyState.Primary);
        using TenantKeys keys = await TenantKeys.UnwrapAsync(
            _provider.GetRequiredService<IRootKey>(), Tenant.Default.Value, stored.Version, stored.Wrapped, Cancel);
        return await Control.ReadAsync(
            connection =>
            {
                string? text = null;
                KeyTable.Read(connection, Tenant.Default.Value, [subject], (id, wrappedKey, page) =>
                {
                    byte[] key = new byte[SealedBox.KeySize];
                    using SubjectKeyPage pageKey = keys.UnwrapPage(page.Number, page.Version, page.Wrapped);
                    pageKey.Unwrap(id, wrappedKey, key);
                    text = Encoding.UTF8.GetString(SubjectKey.OpenRow(key, id, box, associatedData));
                });
                return text ?? throw new InvalidOperationException("The subject has no key.");
            },
            Cancel);
    }
}
