using Microsoft.Extensions.DependencyInjection;

namespace Opaline.TokenVault;

/// <summary>Adds the token vault.</summary>
public static class TokenVaultRegistration
{
    /// <summary>
    /// Adds <see cref="Vault"/>, <see cref="RevealService"/>, <see cref="KeyRotator"/> and <see cref="Shredder"/>. Needs storage, audit, a <see cref="TimeProvider"/> and the <see cref="KeyManagement.IRootKey"/> to be added;
    /// <see cref="VaultOptions"/>, <see cref="RotationOptions"/>, <see cref="RevealOptions"/> and <see cref="ErasureOptions"/> may be bound by the host.
    /// </summary>
    public static IServiceCollection AddTokenVault(this IServiceCollection services)
    {
        services.AddOptions<VaultOptions>();
        services.AddOptions<RotationOptions>()
            .Validate(o => o.Every >= TimeSpan.Zero && o.OldTokensOpen >= TimeSpan.Zero && o.Disabled >= TimeSpan.Zero, "Durations of rotations are not negative; zero means never.");
        services.AddOptions<RevealOptions>()
            .Validate(o => o.ValuesPerHour is >= 1 and <= 1_000_000, "ValuesPerHour must be 1 to 1,000,000.")
            .Validate(o => o.MaxBatch is >= 1 and <= 1_000, "MaxBatch must be 1 to 1,000.");
        services.AddOptions<ErasureOptions>().Validate(o => o.BackupDays is >= 0 and <= 3_650, "BackupDays must be 0 to 3,650.");
        return services.AddSingleton<Vault>().AddSingleton<RevealService>().AddSingleton<KeyRotator>().AddSingleton<Shredder>();
    }
}
