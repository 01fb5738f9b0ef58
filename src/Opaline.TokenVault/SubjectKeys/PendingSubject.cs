namespace Opaline.TokenVault;

/// <summary>What is stored with a new subject.</summary>
internal sealed class PendingSubject(KeyPage page, Memory<byte> key, byte[] wrapped, Holder identity)
{
    /// <summary>The page its key is wrapped under.</summary>
    public KeyPage Page { get; } = page;

    /// <summary>The key itself, pinned; zeroed when the entry is committed or forgotten.</summary>
    public Memory<byte> Key { get; } = key;

    /// <summary>The key under the page's key.</summary>
    public byte[] Wrapped { get; } = wrapped;

    /// <summary>The identifier as it came, which the subject itself holds.</summary>
    public Holder Identity { get; } = identity;
}
