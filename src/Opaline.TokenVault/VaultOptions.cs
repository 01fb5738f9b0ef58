namespace Opaline.TokenVault;

/// <summary>Bounds of the vault's caches. Answers do not depend on them.</summary>
public sealed class VaultOptions
{
    /// <summary>Most dictionary entries held in memory.</summary>
    public int MaxCachedEntries { get; set; } = 500_000;

    /// <summary>Most (entry, subject) pairs known to be stored that are held in memory.</summary>
    public int MaxCachedHolders { get; set; } = 500_000;

    /// <summary>Most unwrapped subject keys held in memory.</summary>
    public int MaxCachedKeys { get; set; } = 32_768;

    /// <summary>How long an unwrapped key may stay in memory after it was last read from the store.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
