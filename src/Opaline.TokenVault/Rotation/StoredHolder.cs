namespace Opaline.TokenVault;

/// <summary>A holder as it is stored, with its subject's key under the page's.</summary>
internal readonly record struct StoredHolder(Holder Holder, byte[] WrappedKey);
