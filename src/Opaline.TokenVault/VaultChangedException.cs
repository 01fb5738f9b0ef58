namespace Opaline.TokenVault;

/// <summary>
/// After the batch was resolved somebody was erased, whose ids and keys it may have, or the tenant's keys were renewed, under whose older version its values are sealed. Resolve it again.
/// </summary>
public sealed class VaultChangedException() : Exception("The dictionary changed while the batch was on its way.");
