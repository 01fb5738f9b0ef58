namespace Opaline.KeyManagement;

/// <summary>A version of a tenant's keys as it is stored.</summary>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="State">What may be done with it.</param>
/// <param name="Wrapped">What <see cref="TenantKeys.Wrapped"/> gave; empty once destroyed.</param>
public sealed record StoredTenantKeys(int Version, KeyState State, ReadOnlyMemory<byte> Wrapped);
