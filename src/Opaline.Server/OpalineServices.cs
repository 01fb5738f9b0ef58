using OpenTelemetry.Metrics;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Governance;
using Opaline.Ingestion;
using Opaline.Server.Auditing;
using Opaline.Server.Authentication;
using Opaline.Server.Authorization;
using Opaline.Server.Configuration;
using Opaline.Server.Jobs;
using Opaline.Server.Keys;
using Opaline.Server.Limits;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;
using Opaline.Server.RateLimiting;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server;

/// <summary>What the server is made of.</summary>
internal static class OpalineServices
{
    // Of the time of a request. The rest is for its answer to be written and to leave on its clock: no request times out because of what the engine met.
    private const double EngineShare = 0.75;

    public static IServiceCollection AddOpaline(this IServiceCollection services, OpalineOptions options, Reach reach, ServerKeys keys)
    {
        services.AddSingleton(options);
        services.AddSingleton(reach);
        services.AddSingleton(TimeProvider.System);
        services.AddKeys(keys);
        services.AddPlatform(options, keys);

        services.AddTokenServer(options);
        services.AddTokenValidation(options);
        services.RemoveUnusedKeyRing();
        services.AddSingleton<FirstStart>();
        services.AddPermissions();

        services.AddSingleton<RateLimits>();
        services.AddSingleton<StreamLimit>();
        services.AddSingleton<AnonymousRefusals>();
        services.AddSingleton<CallRecorder>();
        services.AddSingleton<Refusals>();
        services.AddTimeLimits(options);
        services.Configure<RouteHandlerOptions>(static o => o.ThrowOnBadRequest = true);
        services.AddHostedService<AuditRetention>();
        services.AddHostedService<KeyRotationJob>();
        services.AddContract();
        services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddRuntimeInstrumentation().AddPrometheusExporter());
        return services;
    }

    // Made by functions, so that the container disposes of them.
    private static void AddKeys(this IServiceCollection services, ServerKeys keys)
    {
        services.AddSingleton(_ => keys);
        services.AddSingleton(provider => provider.GetRequiredService<ServerKeys>().Root);
        services.AddSingleton(provider => provider.GetRequiredService<ServerKeys>().Signing);
        services.AddSingleton(provider => provider.GetRequiredService<ServerKeys>().Receipts);
    }

    private static void AddPlatform(this IServiceCollection services, OpalineOptions options, ServerKeys keys)
    {
        services.AddStorage(storage =>
        {
            storage.DataFolder = options.Storage.DataFolder;
            storage.Url = options.Storage.Url;
            storage.EncryptEvents = options.Storage.EncryptEvents;
            storage.TickSeconds = options.Storage.TickSeconds;
        });
        if (keys.Events is { } eventsKey)
            services.AddOptions<StorageOptions>().Configure(storage => storage.EventsKey = eventsKey.Expose().ToArray());

        services.AddAudit(audit =>
        {
            audit.RetentionDays = options.Audit.RetentionDays;
            audit.ImmutableLog = options.Audit.ImmutableLog;
        });
        services.AddTokenVault();
        services.Configure<RevealOptions>(reveal =>
        {
            reveal.ValuesPerHour = options.Subjects.RevealsPerHour;
            reveal.MaxBatch = options.Subjects.RevealBatch;
        });
        services.Configure<RotationOptions>(rotation =>
        {
            rotation.Every = TimeSpan.FromDays(options.Keys.RotateDays);
            rotation.OldTokensOpen = TimeSpan.FromDays(options.Keys.OldTokenDays);
            rotation.Disabled = TimeSpan.FromDays(options.Keys.DisabledDays);
        });
        services.AddIngestion();
        services.Configure<IngestOptions>(ingest =>
        {
            ingest.MaxBodyBytes = options.Limits.MaxBodyBytes;
            ingest.MaxEventsPerBatch = options.Limits.MaxEventsPerBatch;
        });
        services.AddGovernance();
        services.Configure<ErasureOptions>(erasure => erasure.BackupDays = options.Subjects.BackupDays);
        services.AddAnalytics();
        services.Configure<AnalyticsOptions>(analytics =>
        {
            analytics.DefaultEpsilon = options.Privacy.DefaultEpsilon;
            analytics.DefaultDelta = options.Privacy.DefaultDelta;
            analytics.EngineLimit = TimeSpan.FromSeconds(options.Limits.RequestSeconds * EngineShare);
            analytics.Budgets.Dataset = Account(options.Budgets.Dataset);
            analytics.Budgets.Department = Account(options.Budgets.Department);
            analytics.Budgets.Principal = Account(options.Budgets.Principal);
            analytics.Budgets.Datasets = Accounts(options.Budgets.Datasets);
            analytics.Budgets.Departments = Accounts(options.Budgets.Departments);
            analytics.Budgets.Principals = Accounts(options.Budgets.Principals);
        });
    }

    // ASP.NET's authentication brings a ring of cookie keys that it would write, unsealed, to the home folder. There are no cookies here.
    private static void RemoveUnusedKeyRing(this IServiceCollection services)
    {
        ServiceDescriptor[] found = [.. services.Where(s => s.ImplementationType?.Name == "DataProtectionHostedService")];
        foreach (ServiceDescriptor descriptor in found)
            services.Remove(descriptor);
    }

    private static void AddTimeLimits(this IServiceCollection services, OpalineOptions options) => services.AddRequestTimeouts(timeouts =>
        timeouts.DefaultPolicy = new()
        {
            Timeout = TimeSpan.FromSeconds(options.Limits.RequestSeconds),
            WriteTimeoutResponse = static context => context.RequestServices.GetRequiredService<Refusals>().AnswerAsync(context, new Problem(
                StatusCodes.Status503ServiceUnavailable,
                ProblemCodes.Timeout,
                "This took too long and was given up. A question that was charged completes without a new charge when it is asked again.")),
        });

    private static AccountOptions Account(AccountSection section) => new()
    {
        Epsilon = section.Epsilon,
        Delta = section.Delta,
        WindowDays = section.WindowDays == 0 ? null : section.WindowDays,
    };

    private static Dictionary<string, AccountOptions> Accounts(Dictionary<string, AccountSection> sections) =>
        sections.ToDictionary(s => s.Key, s => Account(s.Value), StringComparer.Ordinal);
}
