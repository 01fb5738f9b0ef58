using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Opaline.KeyManagement;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>Opens what lies under older versions of a tenant's keys and seals it under the primary one, page by page. It writes nothing.</summary>
internal sealed class PageRewrap(IControlStore store, TenantRing ring, KeyRotation rotation)
{
    // A commit of others waits for one piece at most.
    private const int HoldersAtOnce = 2_048;

    // Of the page at hand, and told with its last piece: a page that is begun again after a crash counts once.
    private int _damagedKeys;
    private int _damagedHolders;
    private long _damagedSubject;

    /// <summary>The pieces that are still to be written, each to be written before the one after the next is asked for. A piece cut short by a crash comes again with what is left of it.</summary>
    public async IAsyncEnumerable<RewrappedPiece> PiecesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long done = rotation.LastPage;
        while (await store.ReadAsync(c => RotationTable.NextPage(c, ring.Tenant, done), cancellationToken) is { } page)
        {
            done = page.Number;
            (_damagedKeys, _damagedHolders, _damagedSubject) = (0, 0, 0);
            SubjectKeyPage? key = Open(page);
            if (key is null)
            {
                yield return new RewrappedPiece(page.Number, [], 0, 0) { Last = true, Damaged = true };
                continue;
            }

            using (key)
            {
                Holder after = default;
                List<StoredHolder> stored;
                do
                {
                    stored = await store.ReadAsync(c => RotationTable.Holders(c, page, rotation.ToVersion, after, HoldersAtOnce), cancellationToken);
                    if (stored.Count > 0)
                        after = stored[^1].Holder;
                    yield return Rewrap(page, key, stored);
                }
                while (stored.Count == HoldersAtOnce);
            }
        }
    }

    private SubjectKeyPage? Open(KeyPage page)
    {
        try
        {
            return ring.OpenPage(page);
        }
        catch (KeyUnavailableException)
        {
            return null;
        }
    }

    private RewrappedPiece Rewrap(KeyPage page, SubjectKeyPage key, List<StoredHolder> stored)
    {
        List<Holder> anew = new(stored.Count);
        byte[] subjectKey = GC.AllocateUninitializedArray<byte>(SealedBox.KeySize, pinned: true);
        byte[] value = GC.AllocateUninitializedArray<byte>(
            stored.Count == 0 ? 0 : stored.Max(s => Math.Max(0, s.Holder.Sealed.Length - SealedBox.Overhead)), pinned: true);
        try
        {
            long subject = 0;
            bool opens = false;
            foreach ((Holder holder, byte[] wrapped) in stored)
            {
                if (holder.SubjectId != subject)
                {
                    subject = holder.SubjectId;
                    opens = TryUnwrap(key, subject, wrapped, subjectKey);
                    if (!opens && subject != _damagedSubject)
                    {
                        _damagedKeys++;
                        _damagedSubject = subject;
                    }
                }

                if (opens && TryReseal(holder, subjectKey, value) is { } box)
                    anew.Add(holder with { Sealed = box, KeyVersion = rotation.ToVersion });
                else
                    _damagedHolders++;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(subjectKey);
            CryptographicOperations.ZeroMemory(value);
        }

        bool last = stored.Count < HoldersAtOnce;
        bool stale = last && SubjectKeyPage.TenantVersionOf(page.Wrapped) != rotation.ToVersion;
        return last
            ? new RewrappedPiece(page.Number, anew, _damagedKeys, _damagedHolders) { Last = true, Wrapped = stale ? (page.Wrapped, ring.WrapPage(key)) : null }
            : new RewrappedPiece(page.Number, anew, 0, 0);
    }

    private static bool TryUnwrap(SubjectKeyPage page, long subject, byte[] wrapped, byte[] subjectKey)
    {
        try
        {
            page.Unwrap(subject, wrapped, subjectKey);
            return true;
        }
        catch (KeyUnavailableException)
        {
            return false;
        }
    }

    private byte[]? TryReseal(Holder holder, ReadOnlySpan<byte> subjectKey, byte[] scratch)
    {
        if (!ring.Has(holder.KeyVersion) || holder.Sealed.Length < SealedBox.Overhead)
            return null;
        Span<byte> holderKey = stackalloc byte[SealedBox.KeySize];
        Span<byte> value = scratch.AsSpan(0, holder.Sealed.Length - SealedBox.Overhead);
        try
        {
            ring.HolderKey(holder.KeyVersion, subjectKey, holderKey);
            SubjectKey.OpenHolder(holderKey, holder.KeyVersion, holder.EntryId, holder.SubjectId, holder.Sealed, value);
            ring.HolderKey(rotation.ToVersion, subjectKey, holderKey);
            return SubjectKey.SealHolder(holderKey, rotation.ToVersion, holder.EntryId, holder.SubjectId, value);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(holderKey);
        }
    }
}
