using System.Security.Cryptography;

namespace Opaline.TokenVault;

/// <summary>
/// An entry that has been given an id but that no transaction has committed yet. Every batch that uses it carries its INSERT with the same
/// id, salt and key, so any one commit suffices. Guarded by the vault's state lock, except for what never changes.
/// </summary>
internal sealed class PendingEntry(EntryKey key, long id, byte[]? salt, PendingSubject? subject)
{
    private volatile bool _committed;

    public EntryKey Key { get; } = key;

    public long Id { get; } = id;

    /// <summary>What format-preserving tokens of a value derive their key from; clearing it makes them unopenable. A subject has a key of its own for that, and no salt.</summary>
    public byte[]? Salt { get; } = salt;

    /// <summary>The subject's key and sealed identifier, if the entry is a subject.</summary>
    public PendingSubject? Subject { get; } = subject;

    /// <summary>How many batches use it that have not been disposed.</summary>
    public int Users { get; set; }

    /// <summary>Whether some transaction has committed it; read without the lock by batches that save.</summary>
    public bool Committed => _committed;

    /// <summary>It is in the store now.</summary>
    public void Commit()
    {
        _committed = true;
        Forget();
    }

    /// <summary>Zeroes the key: the cache and the batches have their own copies.</summary>
    public void Forget()
    {
        if (Subject is { } subject)
            CryptographicOperations.ZeroMemory(subject.Key.Span);
    }
}
