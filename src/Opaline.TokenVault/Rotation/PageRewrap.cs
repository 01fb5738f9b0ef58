using System.Runtime.CompilerServices;
using Opaline.KeyManagement;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>Opens what lies under older versions of a tenant's keys and seals it under the primary one, page by page. It writes nothing.</summary>
internal sealed class PageRewrap(IControlStore store, TenantRing ring, KeyRotation rotation)
{
    // A commit of others waits for one piece at most.
    private const int HoldersAtOnce = 2_048;

    /// <summary>The pieces that are still to be written, each to be written before the one after the next is asked for. A piece cut short by a crash comes again with what is left of it.</summary>
    public async IAsyncEnumerable<RewrappedPiece> PiecesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long done = rotation.LastPage;
        while (await store.ReadAsync(c => RotationTable.NextPage(c, ring.Tenant, done), cancellationToken) is { } page)
        {
            done = page.Number;
            using SubjectKeyPage? key = Open(page);
            if (key is null)
            {
                yield return new RewrappedPiece(page.Number, [], 0, 0) { Last = true, Damaged = true };
                continue;
            }

            using HolderReseal reseal = new(ring, key, rotation.ToVersion);
            Holder after = default;
            List<StoredHolder> stored;
            do
            {
                stored = await store.ReadAsync(c => RotationTable.Holders(c, page, rotation.ToVersion, after, HoldersAtOnce), cancellationToken);
                if (stored.Count > 0)
                    after = stored[^1].Holder;
                List<Holder> anew = [.. stored.Select(reseal.Reseal).OfType<Holder>()];
                yield return stored.Count == HoldersAtOnce ? new RewrappedPiece(page.Number, anew, 0, 0) : Last(page, key, anew, reseal);
            }
            while (stored.Count == HoldersAtOnce);
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

    // What is damaged is told with the last piece: a page that is begun again after a crash counts once.
    private RewrappedPiece Last(KeyPage page, SubjectKeyPage key, List<Holder> anew, HolderReseal reseal) =>
        new(page.Number, anew, reseal.DamagedKeys, reseal.DamagedHolders)
        {
            Last = true,
            Wrapped = SubjectKeyPage.TenantVersionOf(page.Wrapped) == rotation.ToVersion ? null : (page.Wrapped, ring.WrapPage(key)),
        };
}
