using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>
/// Opens what the subjects of a page hold under older versions of the tenant's keys, and seals it under a new one. What one subject holds comes together, so that each of its keys is
/// made ready once. For one caller at a time.
/// </summary>
internal sealed class HolderReseal(TenantRing ring, SubjectKeyPage page, int version) : IDisposable
{
    // Dictionary ids begin at 1.
    private const long Nobody = 0;

    private readonly byte[] _subjectKey = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
    private byte[] _value = GC.AllocateUninitializedArray<byte>(256, pinned: true);
    private long _subject = Nobody;
    private BoxKey? _newer;
    private BoxKey? _older;
    private int _olderVersion;

    /// <summary>Subjects so far whose key does not open.</summary>
    public int DamagedKeys { get; private set; }

    /// <summary>Holders so far that do not open, those of these subjects among them.</summary>
    public int DamagedHolders { get; private set; }

    /// <summary>The holder under the new version; null if it does not open.</summary>
    public Holder? Reseal(StoredHolder stored)
    {
        (Holder holder, byte[] wrapped) = stored;
        if (holder.SubjectId != _subject)
            Begin(holder.SubjectId, wrapped);
        if (_newer is not null && ring.Has(holder.KeyVersion) && holder.Sealed.Length >= SealedBox.Overhead && Reseal(holder, _newer) is { } box)
            return holder with { Sealed = box, KeyVersion = version };
        DamagedHolders++;
        return null;
    }

    public void Dispose()
    {
        End();
        CryptographicOperations.ZeroMemory(_subjectKey);
        CryptographicOperations.ZeroMemory(_value);
    }

    private void Begin(long subject, byte[] wrapped)
    {
        End();
        _subject = subject;
        try
        {
            page.Unwrap(subject, wrapped, _subjectKey);
        }
        catch (KeyUnavailableException)
        {
            DamagedKeys++;
            return;
        }

        _newer = KeyOf(version);
    }

    private void End()
    {
        _newer?.Dispose();
        _older?.Dispose();
        _newer = _older = null;
    }

    private byte[]? Reseal(Holder holder, BoxKey newer)
    {
        if (_older is null || _olderVersion != holder.KeyVersion)
        {
            _older?.Dispose();
            (_older, _olderVersion) = (KeyOf(holder.KeyVersion), holder.KeyVersion);
        }

        Span<byte> value = Room(holder.Sealed.Length - SealedBox.Overhead);
        try
        {
            SubjectKey.OpenHolder(_older, holder.KeyVersion, holder.EntryId, holder.SubjectId, holder.Sealed, value);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return SubjectKey.SealHolder(newer, version, holder.EntryId, holder.SubjectId, value);
    }

    private BoxKey KeyOf(int ofVersion)
    {
        Span<byte> holderKey = stackalloc byte[SealedBox.KeySize];
        ring.HolderKey(ofVersion, _subjectKey, holderKey);
        BoxKey key = new(holderKey);
        CryptographicOperations.ZeroMemory(holderKey);
        return key;
    }

    private Span<byte> Room(int size)
    {
        if (_value.Length < size)
        {
            CryptographicOperations.ZeroMemory(_value);
            _value = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        }

        return _value.AsSpan(0, size);
    }
}
