using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>What a person has, opened, and the person's key for the sealed parts of rows. The key is zeroed on disposal.</summary>
public sealed class OpenedSubject : IDisposable
{
    private readonly byte[] _key = GC.AllocateArray<byte>(SealedBox.KeySize, pinned: true);
    private readonly long _subject;
    private bool _disposed;

    internal OpenedSubject(TenantRing ring, IReadOnlyList<HeldValue> held)
    {
        _subject = held[0].SubjectId;
        try
        {
            ring.Unwrap([(_subject, held[0].WrappedKey, held[0].Page)], (_, key) => key.CopyTo(_key, 0));
            Values = held.ToDictionary(
                h => h.EntryId, h => (RevealService.Field(h.Scope), ring.OpenHolder(_key, h.KeyVersion, h.EntryId, _subject, h.Sealed)));
        }
        catch (CryptographicException e)
        {
            Dispose();
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "A value of the person does not open: the vault's tables are damaged. Restore them.", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The values by dictionary id, as rows refer to them: the field, null for the identifier itself, and the value as it came.</summary>
    public IReadOnlyDictionary<long, (string? Field, string Value)> Values { get; }

    /// <summary>The identifier itself.</summary>
    public string Identifier => Values[_subject].Value;

    /// <summary>Opens the sealed part of a row; the caller zeroes it.</summary>
    /// <param name="box">The ciphertext.</param>
    /// <param name="associatedData">What it was bound to.</param>
    /// <exception cref="KeyUnavailableException">It is another person's or row's, or damaged.</exception>
    public byte[] OpenRow(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return SubjectKey.OpenRow(_key, _subject, box, associatedData);
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException(KeyFailure.DoesNotOpen, "The sealed part of a row does not open: the event store is damaged. Restore it.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
