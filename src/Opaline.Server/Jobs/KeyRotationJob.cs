using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Server.Keys;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server.Jobs;

/// <summary>Goes on with rotations of keys when they are asked for, and once an hour looks what is due. One that a crash cut off goes on at the start.</summary>
internal sealed partial class KeyRotationJob(KeyRotator rotator, ServerKeys keys, ILogger<KeyRotationJob> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            await rotator.WaitAsync(await TendAsync(stoppingToken) ? Period : AfterFailure, stoppingToken);
    }

    private async Task<bool> TendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keys.RewrapAsync(cancellationToken);
            IReadOnlyList<Tenant> failed = await rotator.TendAsync(cancellationToken);
            foreach (Tenant tenant in failed)
                TenantFailed(logger, tenant.Value);
            return failed.Count == 0;
        }
        catch (Exception failure) when (failure is StorageFailureException or KeyUnavailableException)
        {
            // What has been committed stays: the next attempt goes on from there.
            Failed(logger, failure is KeyUnavailableException ? "the root key" : "the store");
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Keys could not be tended, since {What} failed; the next attempt is in a minute.")]
    private static partial void Failed(ILogger logger, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of tenant {Tenant} cannot be had now; the next attempt is in a minute.")]
    private static partial void TenantFailed(ILogger logger, string tenant);
}
