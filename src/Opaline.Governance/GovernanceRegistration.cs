using Microsoft.Extensions.DependencyInjection;

namespace Opaline.Governance;

/// <summary>Adds governance.</summary>
public static class GovernanceRegistration
{
    /// <summary>
    /// Adds <see cref="SubjectExport"/> and <see cref="ErasureReceipts"/>. Needs storage, vault, a <see cref="TimeProvider"/> and a <see cref="ReceiptKey"/> to be added.
    /// </summary>
    public static IServiceCollection AddGovernance(this IServiceCollection services) =>
        services.AddSingleton<SubjectExport>().AddSingleton<ErasureReceipts>();
}
