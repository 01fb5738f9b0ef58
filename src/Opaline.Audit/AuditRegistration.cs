using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Opaline.Audit;

/// <summary>Adds the audit log.</summary>
public static class AuditRegistration
{
    /// <summary>Adds <see cref="AuditLog"/>; needs an <see cref="Opaline.Storage.IControlStore"/>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services, Action<AuditOptions>? configure = null)
    {
        services.AddOptions<AuditOptions>()
            .Validate(o => o.RetentionDays is >= 1 and <= 36_500, "Opaline:Audit:RetentionDays must be 1 to 36,500.");
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AuditLog>();
        return services;
    }
}
