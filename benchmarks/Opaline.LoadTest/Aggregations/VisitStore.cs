using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.EndToEnd.Tests.Servers;
using Opaline.Storage;

namespace Opaline.LoadTest.Aggregations;

/// <summary>Layer 2 in this process, as the server composes it, over <see cref="Visits"/>.</summary>
internal sealed class VisitStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _provider;

    /// <param name="url">A PostgreSQL database; empty for the embedded engine.</param>
    public VisitStore(string url)
    {
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory, LoggerFactory>();
        // Plain SQL is not cut short either.
        services.AddStorage(o => (o.DataFolder, o.Url, o.AggregateTimeout) = (_folder.Path, url, TimeSpan.FromMinutes(5)));
        Func<IServiceProvider, object> open = services.Last(s => s.ServiceType == typeof(IEventStore)).ImplementationFactory!;
        services.AddSingleton<IEventStore>(provider => new TimedEventStore((IEventStore)open(provider)));
        services.AddAudit();
        // Answers would wait for their clock; what they wait for is not measured here.
        services.AddAnalytics(o =>
        {
            o.ReleaseClock = TimeSpan.Zero;
            (o.Budgets.Dataset.Epsilon, o.Budgets.Department.Epsilon, o.Budgets.Principal.Epsilon) = (1_000, 1_000, 1_000);
        });
        _provider = services.BuildServiceProvider();
    }

    public static Caller Analyst { get; } = new(Visits.Owner, "analyst", "research", Role.Analyst);

    public TimedEventStore Events => (TimedEventStore)_provider.GetRequiredService<IEventStore>();

    public QueryService Queries => _provider.GetRequiredService<QueryService>();

    public Dataset Dataset { get; private set; } = null!;

    public long Lsn { get; private set; }

    /// <summary>Stores the rows and seals their windows; how long each took. Null: a database that an earlier run has filled is used as it is.</summary>
    public async Task<(TimeSpan Settling, TimeSpan Sealing)?> FillAsync(int rows, int subjects, CancellationToken cancellationToken)
    {
        CatalogStore catalog = _provider.GetRequiredService<CatalogStore>();
        PublicClock clock = _provider.GetRequiredService<PublicClock>();
        if (catalog.Find(Visits.Owner, Visits.Declaration.Name) is { } filled)
        {
            (Dataset, Lsn) = (filled, Events.AppliedLsn);
            clock.Publish(clock.DueNumber, Lsn);
            return null;
        }

        Dataset = await _provider.GetRequiredService<IControlStore>().WriteAsync(t => catalog.Create(t, Visits.Declaration), cancellationToken);
        await Events.PrepareAsync(Dataset, cancellationToken);
        TimeSpan settling = TimeSpan.Zero;
        foreach (InboxFrame frame in Visits.Frames(Dataset, rows, subjects))
        {
            long begun = Stopwatch.GetTimestamp();
            await Events.SettleAsync([frame], cancellationToken);
            settling += Stopwatch.GetElapsedTime(begun);
            Lsn = frame.Lsn;
        }

        long sealingFrom = Stopwatch.GetTimestamp();
        await Events.SealAsync(Dataset, DateTime.UtcNow, Lsn, cancellationToken);
        clock.Publish(clock.DueNumber, Lsn);
        return (settling, Stopwatch.GetElapsedTime(sealingFrom));
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder.Dispose();
    }
}
