using Opaline.Catalog;

namespace Opaline.TokenVault;

/// <summary>A person that the vault knows.</summary>
/// <param name="Tenant">Whose dictionary.</param>
/// <param name="Id">Dictionary id, as event tables have it; never shown.</param>
/// <param name="StoredScope">Its scope as it is stored.</param>
/// <param name="Token">The opaque id that was asked for.</param>
public sealed record KnownSubject(Tenant Tenant, long Id, string StoredScope, string Token)
{
    /// <summary>The subject scope, as datasets name it.</summary>
    public string SubjectScope => TokenVault.StoredScope.Name(StoredScope);
}
