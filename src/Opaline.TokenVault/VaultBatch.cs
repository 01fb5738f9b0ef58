using Opaline.Storage;

#pragma warning disable CA1822 // Surface first; the bodies follow.
namespace Opaline.TokenVault;

/// <summary>
/// A batch's dictionary ids and the keys of its subjects. For one caller at a time; dispose it once the batch's transaction has ended,
/// which zeroes the keys and forgets new entries that nobody has committed.
/// </summary>
public sealed class VaultBatch : IDisposable
{
    internal VaultBatch()
    {
    }

    /// <summary>Dictionary id of the subject of that index.</summary>
    public long SubjectId(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Dictionary id of the value of that index.</summary>
    public long EntryId(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Seals under the subject's key with AES-256-GCM. Needs no writer.</summary>
    /// <param name="subjectIndex">Whose key.</param>
    /// <param name="plaintext">What to seal.</param>
    /// <param name="associatedData">What it belongs to (such as the event key); needed again to open it.</param>
    public byte[] Seal(int subjectIndex, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData) =>
        throw new ArgumentOutOfRangeException(nameof(subjectIndex));

    /// <summary>
    /// HMAC-SHA256 of the message under a key of the tenant that serves nothing else (scope secret <c>hmac/ingest/1</c>): ingestion derives
    /// event keys and names idempotency keys by it, so that a stolen table does not let anyone test guesses of ids or bodies.
    /// </summary>
    /// <param name="message">Anything; the same message has the same digest in every batch of the tenant.</param>
    /// <param name="digest">Takes the 32 bytes.</param>
    public void Digest(ReadOnlySpan<byte> message, Span<byte> digest) => throw new StorageFailureException("The vault is not open.");

    /// <summary>Writes the entries, holders and keys that are not yet known to be committed. Call it in the transaction that stores the rows.</summary>
    /// <exception cref="StorageFailureException">The dictionary changed meanwhile; nothing of the batch may be stored. Resolve it again.</exception>
    public void Save(ControlTransaction transaction) => ArgumentNullException.ThrowIfNull(transaction);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
    }
}
