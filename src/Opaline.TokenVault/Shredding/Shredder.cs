using System.Globalization;
using System.Security.Cryptography;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>
/// Erases people. Between settling and publishing a tick the settler has their keys and values shredded, settles what was on its way, and has their rows removed, so
/// that erasure takes effect at ticks; then the files are cleaned and every store is looked through. Each step is durable before the next, and repeating one changes nothing, so
/// a crash between two delays an erasure and never loses it.
/// </summary>
public sealed class Shredder(
    IControlStore store, IEventStore events, CatalogStore catalog, Vault vault, AuditLog audit, TimeProvider time)
{
    private const int AtOnce = 1_000;
    private const int NameBytes = 16;

    /// <summary>Asks for a person's erasure, in the transaction that records it; it begins at the next tick. Asked again, it is the same one.</summary>
    public Erasure Request(ControlTransaction transaction, KnownSubject subject, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(caller);
        ErasureTable.Insert(transaction, subject, RandomNumberGenerator.GetHexString(2 * NameBytes, lowercase: true), caller.Id, time.GetUtcNow().UtcDateTime);
        return ErasureTable.Find(transaction, subject.Id) ?? throw new StorageFailureException("The erasure was written and is not there.");
    }

    /// <summary>The erasure of that name, or null.</summary>
    public Task<Erasure?> FindAsync(Tenant tenant, string name, CancellationToken cancellationToken) =>
        store.ReadAsync(connection => ErasureTable.Find(connection, tenant.Value, name), cancellationToken);

    /// <summary>
    /// Shreds keys and values of those whose erasure was asked for. From then on their rows can be opened by nobody, and no batch that knew them is stored.
    /// </summary>
    /// <returns>Those whose rows are to be removed next, from before a crash too.</returns>
    public async Task<IReadOnlyList<Erasure>> ShredKeysAsync(CancellationToken cancellationToken)
    {
        List<Erasure> requested = await store.ReadAsync(connection => ErasureTable.In(connection, ErasureState.Requested, AtOnce), cancellationToken);
        foreach (IGrouping<Tenant, Erasure> tenant in requested.GroupBy(e => e.Tenant))
        {
            Dictionary<long, Erasure> bySubject = tenant.ToDictionary(e => e.SubjectId);
            ILookup<long, long> pages = await store.ReadAsync(connection => KeyTable.PagesOf(connection, bySubject.Keys), cancellationToken);
            // A page at a time: a commit waits no longer than one takes.
            foreach (IGrouping<long, long> page in pages)
            {
                await vault.EraseAsync(tenant.Key, page.Key, [.. page], (transaction, takeNumber) =>
                {
                    foreach (Erasure erasure in page.Select(s => bySubject[s]))
                    {
                        bool keeps = Datasets(erasure).Any(d => d.ErasedRows == ErasedRows.Anonymize);
                        ErasureTable.Shredded(transaction, erasure, keeps ? takeNumber(StoredScope.OfSubjects(erasure.SubjectScope)) : null);
                    }
                });
            }
        }

        return await store.ReadAsync(connection => ErasureTable.In(connection, ErasureState.Shredded, AtOnce), cancellationToken);
    }

    /// <summary>Removes the rows of people whose keys are shredded, after everything that was durable before that has been settled.</summary>
    /// <param name="shredded">Who.</param>
    /// <param name="asOf">The tick that is about to be published.</param>
    /// <param name="cancellationToken">Gives up; to be repeated then.</param>
    public async Task RemoveRowsAsync(IReadOnlyList<Erasure> shredded, DateTime asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shredded);
        foreach (IGrouping<(Tenant Tenant, string SubjectScope), Erasure> scope in shredded.GroupBy(e => (e.Tenant, e.SubjectScope)))
        {
            List<Dataset> datasets = Datasets(scope.First());
            // A dataset that came to keep rows after the keys were shredded has no numbers for these: they are deleted.
            ErasedSubject[] numbered = [.. scope.Where(e => e.Surrogate is not null).Select(e => new ErasedSubject(e.SubjectId, e.Surrogate!.Value))];
            ErasedSubject[] bare = [.. scope.Where(e => e.Surrogate is null).Select(e => new ErasedSubject(e.SubjectId, 0))];
            foreach (Dataset dataset in datasets)
            {
                if (numbered.Length > 0)
                    await events.EraseAsync(dataset, numbered, cancellationToken);
                if (bare.Length > 0)
                    await events.EraseAsync(dataset with { ErasedRows = ErasedRows.Delete }, bare, cancellationToken);
            }

            await store.WriteAsync(
                transaction =>
                {
                    foreach (Erasure erasure in scope)
                    {
                        ErasureTable.Removed(transaction, erasure, asOf, datasets.ToDictionary(
                            d => d.Name, d => erasure.Surrogate is null ? ErasedRows.Delete : d.ErasedRows));
                    }

                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>Cleans the files after those whose rows are removed, looks every store through, and says so in the log.</summary>
    /// <exception cref="StorageFailureException">It could not be done now; call it again later.</exception>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(connection => ErasureTable.In(connection, ErasureState.Removed, AtOnce), cancellationToken) is { Count: > 0 } removed)
        {
            Dataset[] touched = [.. removed.SelectMany(Datasets).DistinctBy(d => d.Id)];
            await events.ScrubAsync(touched, cancellationToken);
            await store.ScrubAsync(cancellationToken);
            await new ErasureCheck(store, events).RunAsync(removed, touched, cancellationToken);
            DateTime now = time.GetUtcNow().UtcDateTime;
            await store.WriteAsync(
                transaction =>
                {
                    foreach (Erasure erasure in removed)
                    {
                        ErasureTable.Erased(transaction, erasure, now);
                        audit.Append(transaction, Record(erasure));
                    }

                    return true;
                },
                cancellationToken);
        }
    }

    private static AuditRecord Record(Erasure erasure) => new(
        erasure.Tenant,
        "system",
        null,
        AuditActions.SubjectErasure,
        "subject/" + erasure.SubjectToken,
        "ok",
        string.Create(CultureInfo.InvariantCulture, $$"""{"erasure":"{{erasure.Name}}","as_of":"{{erasure.AsOf:O}}"}"""));

    // The datasets whose rows are about people of this scope.
    private List<Dataset> Datasets(Erasure erasure) =>
        [.. catalog.List(erasure.Tenant).Where(d => string.Equals(d.SubjectScope, erasure.SubjectScope, StringComparison.Ordinal))];
}
