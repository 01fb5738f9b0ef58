using Microsoft.Extensions.DependencyInjection;

namespace Opaline.Governance;

/// <summary>Adds governance.</summary>
public static class GovernanceRegistration
{
    /// <summary>
    /// Adds <see cref="SubjectExport"/> and <see cref="ErasureReceipts"/>. Needs storage, vault and a <see cref="ReceiptKey"/> to be added;
    /// <see cref="ErasureOptions"/> may be bound by the host.
    /// </summary>
    public static IServiceCollection AddGovernance(this IServiceCollection services)
    {
        services.AddOptions<ErasureOptions>().Validate(o => o.BackupDays is >= 0 and <= 3_650, "BackupDays must be 0 to 3,650.");
        return services.AddSingleton<SubjectExport>().AddSingleton<ErasureReceipts>();
    }
}
