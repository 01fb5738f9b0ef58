using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>A version of a tenant's keys.</summary>
/// <param name="Number">From 1; display tokens carry it.</param>
/// <param name="State">What may be done with it.</param>
/// <param name="MadeAt">When it was made, UTC.</param>
/// <param name="StateAt">Since when it has the state, UTC.</param>
public sealed record TenantKeyVersion(int Number, KeyState State, DateTime MadeAt, DateTime StateAt);
