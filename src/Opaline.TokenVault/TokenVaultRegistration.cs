using Microsoft.Extensions.DependencyInjection;

namespace Opaline.TokenVault;

/// <summary>Adds the token vault.</summary>
public static class TokenVaultRegistration
{
    /// <summary>
    /// Adds <see cref="Vault"/>. Needs storage, a <see cref="TimeProvider"/> and the <see cref="KeyManagement.IRootKey"/> to be added;
    /// <see cref="VaultOptions"/> may be bound by the host.
    /// </summary>
    public static IServiceCollection AddTokenVault(this IServiceCollection services)
    {
        services.AddOptions<VaultOptions>();
        return services.AddSingleton<Vault>();
    }
}
