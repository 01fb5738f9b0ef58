using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>A change of a tenant's key versions that is not stored yet.</summary>
/// <param name="Before">As they are.</param>
/// <param name="After">As they will be.</param>
/// <param name="Added">The new version, where there is one.</param>
/// <param name="Open">All that will open then.</param>
internal sealed record KeyChange(KeyVersions Before, KeyVersions After, TenantKeys? Added, OpenVersions Open)
{
    /// <summary>Whether new things are sealed under another version than before.</summary>
    public bool Renews => After.Primary.Number != Before.Primary.Number;
}
