namespace Opaline.TokenVault;

/// <summary>Somebody was erased after the batch was resolved: its ids and keys may be those of the erased. Resolve it again.</summary>
public sealed class VaultChangedException() : Exception("The dictionary changed while the batch was on its way.");
