using Opaline.Audit;
using Opaline.Storage;

namespace Opaline.Server.Jobs;

/// <summary>Once a day, lets go of audit records that are older than they are to be kept.</summary>
internal sealed partial class AuditRetention(AuditLog log, TimeProvider time, ILogger<AuditRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                await log.DeleteExpiredAsync(stoppingToken);
            }
            catch (StorageFailureException)
            {
                // A store that cannot write shows in /health/ready; here it only means that old records stay a while longer.
                Kept(logger);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old audit records could not be deleted; the next attempt is in a day.")]
    private static partial void Kept(ILogger logger);
}
