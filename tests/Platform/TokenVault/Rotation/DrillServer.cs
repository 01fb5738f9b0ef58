using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.KeyManagement;
using Opaline.Platform.Tests.Analytics;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Rotation;

/// <summary>Both layers in a process of their own, with a noise source that adds nothing, driven line by line: a command on its input, an answer on its output. It ends with its input.</summary>
internal sealed class DrillServer : IAsyncDisposable
{
    public const string Verb = "rotation-drill-server";

    private const int BatchRows = 10_000;
    private const string Reason = "A rotation drill";

    private static readonly Caller Sender = new(Tenant.Default, "app", "it", Role.Ingest);
    private static readonly Caller Admin = new(Tenant.Default, "admin", "it", Role.Admin);
    private static readonly AccountOptions Plenty = new() { Epsilon = 1_000, Delta = 1e-2 };

    // Five million rows are read while everything else goes on too.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _provider;
    private readonly DrillTraffic _traffic;
    private Task<KeyRotation?> _rotating = Task.FromResult<KeyRotation?>(null);
    private long _begun;

    private DrillServer(string folder, string url)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IRootKey>(_ => RootKeyFile.Open(new RootKeyFileOptions { Folder = Path.Combine(folder, "keys") }));
        services.AddStorage(o =>
        {
            o.DataFolder = Path.Combine(folder, "data");
            o.Url = url;
            o.TickSeconds = 1;
            o.AggregateTimeout = Patience;
        });
        services.AddAudit();
        services.AddTokenVault();
        services.AddIngestion();
        services.AddSingleton(AnalyticsHost.Silence);
        services.AddAnalytics(o =>
        {
            o.ReleaseClock = TimeSpan.Zero;
            o.EngineLimit = Patience;
            o.Budgets = new BudgetsOptions { Dataset = Plenty, Department = Plenty, Principal = Plenty };
        });
        Directory.CreateDirectory(folder);
        _provider = services.BuildServiceProvider();
        _traffic = new DrillTraffic(body => SendAsync(EventsDataset.Name, body));
    }

    private IControlStore Store => _provider.GetRequiredService<IControlStore>();

    private CatalogStore Catalog => _provider.GetRequiredService<CatalogStore>();

    private Vault Vault => _provider.GetRequiredService<Vault>();

    private KeyRotator Rotator => _provider.GetRequiredService<KeyRotator>();

    private Settler Settler => _provider.GetRequiredService<Settler>();

    public static async Task<int> RunAsync(string folder, string url)
    {
        await using DrillServer server = new(folder, url);
        await server.Settler.StartAsync(CancellationToken.None);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string answer = await server.AnswerAsync(line.Split(' '));
            await Console.Out.WriteLineAsync(answer);
            await Console.Out.FlushAsync();
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _traffic.DisposeAsync();
        await Settler.StopAsync(CancellationToken.None);
        await _provider.DisposeAsync();
    }

    private async Task<string> AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["fill"]:
                return await FillAsync();
            case ["traffic", string first]:
                _traffic.Begin(int.Parse(first, CultureInfo.InvariantCulture));
                return "ok";
            case ["measured"]:
                return _traffic.Report();
            case ["ask"]:
                return await AskAsync();
            case ["add"]:
                await Store.WriteAsync(t => Rotator.Request(t, Tenant.Default, Admin.Id), CancellationToken.None);
                await MoveAsync(v => v.Add(), RotationPhase.Added);
                return "ok";
            case ["promote"]:
                await MoveAsync(v => v.Promote(v.Newest.Number), RotationPhase.Rewrapping);
                return "ok";
            case ["rewrap"]:
                _begun = Stopwatch.GetTimestamp();
                _rotating = Rotator.RunAsync(Tenant.Default, CancellationToken.None);
                return "ok";
            case ["rewrapped"]:
                return (await UnfinishedAsync())?.Holders.ToString(CultureInfo.InvariantCulture) ?? "all";
            case ["report"]:
                KeyRotation report = (await _rotating)!;
                return string.Create(CultureInfo.InvariantCulture, $"{report.Holders} {report.Whole} {Stopwatch.GetElapsedTime(_begun).TotalSeconds:0.00}");
            case ["end", string version]:
                int number = int.Parse(version, CultureInfo.InvariantCulture);
                await Rotator.ChangeAsync(Admin, number, KeyState.Disabled, CancellationToken.None);
                await Rotator.ChangeAsync(Admin, number, KeyState.Destroyed, CancellationToken.None);
                return "ok";
            case ["token", string name]:
                return await Vault.LookUpSubjectAsync(Tenant.Default, Catalog.Find(Tenant.Default, EventsDataset.Name)!.SubjectScope, name, CancellationToken.None) ?? "nobody";
            case ["reveal", .. string[] tokens]:
                return string.Join(
                    ' ',
                    (await _provider.GetRequiredService<RevealService>().RevealAsync(Admin, tokens, Reason, CancellationToken.None)).Select(v => v.Value ?? "nobody"));
            case ["older", string version]:
                return await CountAsync("SELECT COUNT(*) FROM vault_holder WHERE key_version < @p0", long.Parse(version, CultureInfo.InvariantCulture));
            case ["values"]:
                return await CountAsync("SELECT COUNT(*) FROM vault_holder WHERE key_version >= @p0", 0);
            default:
                throw new ArgumentException($"Nobody knows '{string.Join(' ', words)}'.", nameof(words));
        }
    }

    private async Task<string> FillAsync()
    {
        await Store.WriteAsync(t => Catalog.Create(t, EventsDataset.Declaration(Tenant.Default) with { Name = "orders" }), CancellationToken.None);
        // The first alone, as it brings the fields.
        int people = BatchRows / DrillPeople.RowsEach;
        await SendAsync(EventsDataset.Name, DrillPeople.Events(0, 1));
        await EachAsync(1, people, (first, count) => SendAsync(EventsDataset.Name, DrillPeople.Events(first, count)));
        await EachAsync(0, BatchRows, (first, count) => SendAsync("orders", DrillPeople.Orders(first, count)));
        PublicClock clock = _provider.GetRequiredService<PublicClock>();
        await clock.WaitForAsync(clock.DueNumber + 1, CancellationToken.None);
        return "ok";
    }

    private static Task EachAsync(int from, int size, Func<int, int, Task> send) => Parallel.ForAsync(
        0,
        (DrillPeople.Count - from + size - 1) / size,
        new ParallelOptions { MaxDegreeOfParallelism = 2 },
        async (part, _) => await send(from + (part * size), Math.Min(size, DrillPeople.Count - from - (part * size))));

    private async Task SendAsync(string dataset, byte[] body)
    {
        IngestReceipt receipt = await _provider.GetRequiredService<IngestPipeline>().IngestAsync(
            new IngestBatch(Sender, Catalog.Find(Tenant.Default, dataset)!, body, BodyFormat.Json), CancellationToken.None);
        if (receipt.Rejected > 0)
            throw new InvalidOperationException($"{receipt.Rejected} events were refused.");
    }

    /// <summary>The phase before, the answers, the phase after.</summary>
    private async Task<string> AskAsync()
    {
        string before = await PhaseAsync();
        List<string> answers = [];
        foreach (string sql in DrillPeople.Questions)
        {
            using JsonDocument body = JsonDocument.Parse(JsonSerializer.Serialize(new { sql, epsilon = 0.01 }));
            Query query = _provider.GetRequiredService<SqlQueries>().Build(AnalyticsHost.Analyst, body.RootElement) with { Contribution = new ContributionBounds(12, 1_000) };
            Answer answer = await _provider.GetRequiredService<QueryService>().AskAsync(AnalyticsHost.Analyst, query, new AskOptions(Fresh: true), CancellationToken.None);
            answers.Add(string.Join(',', answer.Rows.SelectMany(r => r.Values).Select(v => v.Value.ToString(CultureInfo.InvariantCulture))));
        }

        return $"{before} {string.Join(';', answers)} {await PhaseAsync()}";
    }

    private async Task<string> PhaseAsync() => (await UnfinishedAsync())?.Phase.ToString() ?? "None";

    private Task<KeyRotation?> UnfinishedAsync() => Store.ReadAsync(c => RotationTable.Unfinished(c, Tenant.Default.Value), CancellationToken.None);

    private async Task MoveAsync(Func<KeyVersions, KeyVersions> move, RotationPhase phase)
    {
        KeyRotation rotation = (await UnfinishedAsync())!;
        await Vault.ChangeKeysAsync(Tenant.Default, move, t => RotationTable.Reach(t, rotation.Id, phase), CancellationToken.None);
    }

    private Task<string> CountAsync(string sql, long parameter) =>
        Store.ReadAsync(c => Convert.ToString(c.Scalar(sql, parameter), CultureInfo.InvariantCulture)!, CancellationToken.None);
}
