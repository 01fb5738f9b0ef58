namespace Opaline.TokenVault;

/// <summary>One distinct value of a batch on its way to an id.</summary>
internal sealed class EntrySlot(EntryKey key, string raw)
{
    public EntryKey Key { get; } = key;

    /// <summary>The first spelling that the batch has of it.</summary>
    public string Raw { get; } = raw;

    /// <summary>Its id; 0 until it is known.</summary>
    public long Id { get; set; }

    /// <summary>What the batch must carry, if nobody had committed the entry when the batch met it.</summary>
    public PendingEntry? Pending { get; set; }
}
