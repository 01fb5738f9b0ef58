using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics;

/// <summary>Layer 2 on the real stores (<see cref="Engines"/>), in a folder of its own unless one is given. Noise is real unless a test brings its own.</summary>
internal sealed class AnalyticsHost : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ServiceProvider _provider;
    private long _lsn;

    public AnalyticsHost(NoiseDraw? draw = null, Action<AnalyticsOptions>? configure = null, string? folder = null, ManualTime? time = null)
    {
        _folder = folder is null ? new TemporaryFolder() : null;
        Time = time ?? Noon();
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILoggerFactory, LoggerFactory>();
        string data = folder ?? _folder!.Path;
        string url = Engines.Prepare(data);
        services.AddStorage(o =>
        {
            o.DataFolder = data;
            o.Url = url;
        });
        Func<IServiceProvider, object> open = services.Last(s => s.ServiceType == typeof(IEventStore)).ImplementationFactory!;
        services.AddSingleton<IEventStore>(provider => new WatchedEventStore((IEventStore)open(provider)));
        services.AddAudit();
        if (draw is not null)
            services.AddSingleton(draw);
        services.AddAnalytics(o =>
        {
            o.ReleaseClock = TimeSpan.Zero;
            configure?.Invoke(o);
        });
        _provider = services.BuildServiceProvider();
        _lsn = Events.AppliedLsn;
        Tick();
    }

    /// <summary>Adds nothing, so that an answer can be compared with the exact truth.</summary>
    public static NoiseDraw Silence { get; } = (_, noise) => noise.Clear();

    public static Caller Analyst { get; } = new(Tenant.Default, "analyst", "research", Role.Analyst);

    public ManualTime Time { get; }

    /// <summary>The time at which a host begins unless it is given one; it passes over what a release waits for.</summary>
    public static ManualTime Noon() => new(new DateTime(2024, 6, 15, 12, 0, 0, DateTimeKind.Utc)) { Skips = TimeSpan.FromSeconds(1) };

    public QueryService Queries => _provider.GetRequiredService<QueryService>();

    public LiveCounters Live => _provider.GetRequiredService<LiveCounters>();

    public BudgetService Budgets => _provider.GetRequiredService<BudgetService>();

    public MetricQueries Metrics => _provider.GetRequiredService<MetricQueries>();

    public SqlQueries Sql => _provider.GetRequiredService<SqlQueries>();

    public WatchedEventStore Events => (WatchedEventStore)_provider.GetRequiredService<IEventStore>();

    public IControlStore Control => _provider.GetRequiredService<IControlStore>();

    public CatalogStore Catalog => _provider.GetRequiredService<CatalogStore>();

    public PublicClock Clock => _provider.GetRequiredService<PublicClock>();

    public AuditLog Audit => _provider.GetRequiredService<AuditLog>();

    public Opaline.Analytics.Ledger Ledger => _provider.GetRequiredService<Opaline.Analytics.Ledger>();

    public AnalyticsOptions Options => _provider.GetRequiredService<IOptions<AnalyticsOptions>>().Value;

    public ValueTask DisposeAsync() => DisposeAllAsync();

    /// <summary>Live counters that share nothing but the store with others, as those of another process would.</summary>
    public LiveCounters AnotherLive() => new(
        _provider.GetRequiredService<QueryPlanner>(),
        Ledger,
        Control,
        Events,
        Clock,
        Audit,
        _provider.GetRequiredService<ReleaseClock>(),
        new SingleFlight(Time, _provider.GetRequiredService<IOptions<AnalyticsOptions>>()),
        _provider.GetRequiredService<NoiseDraw>());

    /// <summary>Declares a dataset and prepares its table.</summary>
    public async Task<Dataset> DeclareAsync(DatasetDeclaration declaration)
    {
        Dataset dataset = await Control.WriteAsync(transaction => Catalog.Create(transaction, declaration), CancellationToken.None);
        await Events.PrepareAsync(dataset, CancellationToken.None);
        return dataset;
    }

    /// <summary>Asks as the analyst, or as another caller.</summary>
    public Task<Answer> AskAsync(Query query, bool fresh = false, TimeSpan? maxAge = null, Caller? caller = null) =>
        Queries.AskAsync(caller ?? Analyst, query, new AskOptions(fresh, maxAge), CancellationToken.None);

    /// <summary>Settles rows of <see cref="Shop.Row"/> and shows them by a new tick; returns their LSN.</summary>
    public Task<long> SettleAsync(Dataset dataset, IReadOnlyList<ProtectedRow> rows) => SettleAsync(dataset, Shop.ColumnsOf(dataset), rows);

    /// <summary>Settles rows and shows them by a new tick; returns their LSN.</summary>
    public async Task<long> SettleAsync(Dataset dataset, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows)
    {
        await Events.SettleAsync([new InboxFrame(++_lsn, dataset.Id, RowFrame.Write(columns, rows))], CancellationToken.None);
        Tick();
        return _lsn;
    }

    /// <summary>Lets so much time go by, and the public clock tick.</summary>
    public void Advance(TimeSpan time)
    {
        Time.Now += time;
        Tick();
    }

    /// <summary>Lets the public clock tick once more.</summary>
    public void Tick()
    {
        Time.Now += Clock.Period;
        Clock.Publish(Clock.DueNumber, _lsn);
    }

    /// <summary>Charges in the ledger: kind, ρ, one per charge.</summary>
    public Task<List<(string Kind, long NanoRho, long Voucher)>> ChargesAsync() => Control.ReadAsync(
        connection =>
        {
            using System.Data.Common.DbCommand command = connection.Command("SELECT account_kind, nano_rho, voucher_id FROM ledger_charge ORDER BY id");
            using System.Data.Common.DbDataReader reader = command.ExecuteReader();
            List<(string, long, long)> charges = [];
            while (reader.Read())
                charges.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
            return charges;
        },
        CancellationToken.None);

    /// <summary>The audit log, newest first: action and outcome.</summary>
    public async Task<List<AuditRecord>> RecordsAsync() =>
        [.. (await Audit.SearchAsync(new AuditFilter(Tenant.Default, Limit: 1_000), CancellationToken.None)).Entries.Select(e => e.Record)];

    private async ValueTask DisposeAllAsync()
    {
        await _provider.DisposeAsync();
        _folder?.Dispose();
    }
}
