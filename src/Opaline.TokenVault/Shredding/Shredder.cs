using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>
/// Erases people. Between settling and publishing a tick the settler has their keys and values shredded, settles what was on its way, and has their rows removed, so
/// that erasure takes effect at ticks; then the files are cleaned and every store is looked through. Each step is durable before the next, and repeating one changes nothing, so
/// a crash between two delays an erasure and never loses it. What fails for some is reported, tried again at the next tick, and holds up nobody else.
/// </summary>
public sealed partial class Shredder(
    IControlStore store,
    IEventStore events,
    IEventIntake intake,
    CatalogStore catalog,
    Vault vault,
    AuditLog audit,
    TimeProvider time,
    IOptions<ErasureOptions> options,
    ILogger<Shredder> logger)
{
    private const int AtOnce = 1_000;
    private const int SubjectsPerQuery = 500;
    internal const int KeysAtOnce = 100_000;
    private const int NameBytes = 16;

    // Cleaning writes whole tables anew: what cannot be finished does not have it done at every tick.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    // Erasures whose remnants were found, and when to look again. The settler calls one step at a time.
    private readonly Dictionary<long, DateTimeOffset> _heldBack = [];

    /// <summary>Asks for a person's erasure, in the transaction that records it; it begins at the next tick. Asked again, it is the same one.</summary>
    public Erasure Request(ControlTransaction transaction, KnownSubject subject, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(caller);
        string name = RandomNumberGenerator.GetHexString(2 * NameBytes, lowercase: true);
        ErasureTable.Insert(transaction, subject, name, caller.Id, time.GetUtcNow().UtcDateTime, options.Value.BackupDays);
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
        int shredded = 0;
        for (long after = 0; shredded < AtOnce && await InAsync(ErasureState.Requested, after, AtOnce, cancellationToken) is { Count: > 0 } requested; after = requested[^1].Id)
        {
            foreach (IGrouping<Tenant, Erasure> tenant in requested.GroupBy(e => e.Tenant))
                shredded += await ShredKeysAsync(tenant.Key, [.. tenant], cancellationToken);
        }

        return await InAsync(ErasureState.Shredded, 0, int.MaxValue, cancellationToken);
    }

    /// <summary>Removes the rows of people whose keys are shredded, after everything that was durable before that has been settled.</summary>
    /// <param name="shredded">Who.</param>
    /// <param name="asOf">The tick that is about to be published.</param>
    /// <param name="cancellationToken">Gives up; to be repeated then.</param>
    public async Task RemoveRowsAsync(IReadOnlyList<Erasure> shredded, DateTime asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shredded);
        foreach (IGrouping<(Tenant Tenant, string SubjectScope), Erasure> scope in shredded.GroupBy(e => (e.Tenant, e.SubjectScope)))
            await TryAsync([.. scope], () => RemoveRowsOfScopeAsync([.. scope], asOf, cancellationToken));
    }

    /// <summary>Cleans the files after those whose rows are removed, looks every store through, and says so in the log.</summary>
    /// <exception cref="StorageFailureException">It could not be done now, or something of some is left; call it again later.</exception>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        for (long after = 0; await InAsync(ErasureState.Removed, after, AtOnce, cancellationToken) is { Count: > 0 } removed;)
        {
            after = removed[^1].Id;
            removed.RemoveAll(e => _heldBack.TryGetValue(e.Id, out DateTimeOffset until) && time.GetUtcNow() < until);
            if (removed.Count > 0)
                await CleanUpAsync(removed, cancellationToken);
        }

        if (_heldBack.Count > 0)
            throw new StorageFailureException($"Of {_heldBack.Count} erasures something is left in the stores.");
    }

    private static AuditRecord Record(Erasure erasure) => new(
        erasure.Tenant,
        "system",
        null,
        AuditActions.SubjectErasure,
        "subject/" + erasure.SubjectToken,
        "ok",
        string.Create(CultureInfo.InvariantCulture, $$"""{"erasure":"{{erasure.Name}}","as_of":"{{erasure.AsOf:O}}"}"""));

    private Task<List<Erasure>> InAsync(ErasureState state, long after, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(connection => ErasureTable.In(connection, state, after, limit), cancellationToken);

    private async Task<int> ShredKeysAsync(Tenant tenant, IReadOnlyList<Erasure> requested, CancellationToken cancellationToken)
    {
        Dictionary<long, Erasure> bySubject = requested.ToDictionary(e => e.SubjectId);
        ILookup<long, long> pages = await store.ReadAsync(connection => KeyTable.PagesOf(connection, bySubject.Keys), cancellationToken);
        IEnumerable<(long? Page, Erasure[] Erasures)> parts = pages.Select(p => ((long?)p.Key, p.Select(s => bySubject[s]).ToArray()));
        // A key that is not there is as good as gone; the rest is not.
        Erasure[] keyless = [.. bySubject.Keys.Except(pages.SelectMany(p => p)).Select(s => bySubject[s])];
        int shredded = 0;
        // A page at a time: a commit waits no longer than one takes, and what is damaged in one holds up no other.
        foreach ((long? page, Erasure[] erasures) in keyless.Length == 0 ? parts : parts.Append((null, keyless)))
        {
            if (await TryAsync(erasures, () => ShredPageAsync(tenant, page, erasures, cancellationToken)))
                shredded += erasures.Length;
        }

        return shredded;
    }

    private async Task ShredPageAsync(Tenant tenant, long? page, Erasure[] erasures, CancellationToken cancellationToken)
    {
        // What comes after this is on its way when the keys go; nothing comes once they are gone.
        long applied = events.AppliedLsn;
        List<Guid> keys = [];
        foreach (IGrouping<string, Erasure> scope in erasures.GroupBy(e => e.SubjectScope))
            keys.AddRange(await EventKeysAsync([.. scope], cancellationToken));
        long[] subjects = [.. erasures.Select(e => e.SubjectId)];
        long[] datasets = [.. erasures.SelectMany(Datasets).Select(d => d.Id).Distinct()];
        DateTime now = time.GetUtcNow().UtcDateTime;
        int damaged = await vault.EraseAsync(tenant, page, subjects, transaction =>
        {
            ErasedEventTable.Insert(transaction, keys.Concat(intake.KeysAfter(transaction, datasets, subjects, applied)), now);
            foreach (Erasure erasure in erasures)
                ErasureTable.Shredded(transaction, erasure, now);
        });
        if (damaged > 0)
            LogDamaged(damaged, page);
    }

    private async Task RemoveRowsOfScopeAsync(Erasure[] scope, DateTime asOf, CancellationToken cancellationToken)
    {
        List<Dataset> datasets = Datasets(scope[0]);
        foreach (Dataset dataset in datasets)
            await events.EraseAsync(dataset, [.. scope.Select(e => e.SubjectId)], cancellationToken);
        await store.WriteAsync(
            transaction =>
            {
                foreach (Erasure erasure in scope)
                    ErasureTable.Removed(transaction, erasure, asOf, datasets.ToDictionary(d => d.Name, d => d.ErasedRows));
                return true;
            },
            cancellationToken);
    }

    private async Task CleanUpAsync(List<Erasure> removed, CancellationToken cancellationToken)
    {
        // Such a value could not be told from one of the erased.
        if (await vault.EraseUnheldAsync() is > 0 and int unheld)
            LogUnheld(unheld);
        Dataset[] touched = [.. removed.SelectMany(Datasets).DistinctBy(d => d.Id)];
        await events.ScrubAsync(touched, cancellationToken);
        await store.ScrubAsync(cancellationToken);
        Dictionary<long, string> left = await new ErasureCheck(store, events).RunAsync(removed, touched, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        foreach (Erasure erasure in removed.Where(e => left.ContainsKey(e.Id)))
        {
            LogLeft(erasure.Name, left[erasure.Id]);
            _heldBack[erasure.Id] = now + Pause;
        }

        await store.WriteAsync(
            transaction =>
            {
                foreach (Erasure erasure in removed.Where(e => !left.ContainsKey(e.Id)))
                {
                    ErasureTable.Erased(transaction, erasure, now.UtcDateTime);
                    audit.Append(transaction, Record(erasure));
                }

                return true;
            },
            cancellationToken);
        foreach (Erasure erasure in removed.Where(e => !left.ContainsKey(e.Id)))
            _heldBack.Remove(erasure.Id);
    }

    // Whatever it is, it concerns these; the next tick tries again. A store that has failed fails for everybody.
    private async Task<bool> TryAsync(Erasure[] erasures, Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !store.Failed)
        {
            // The text may hold values; the type does not.
            LogDelayed(erasures.Length, erasures[0].Name, fault.GetType().Name);
            return false;
        }
    }

    private async Task<List<Guid>> EventKeysAsync(Erasure[] scope, CancellationToken cancellationToken)
    {
        List<Guid> keys = [];
        foreach (Dataset dataset in Datasets(scope[0]))
        {
            foreach (Erasure[] chunk in scope.Chunk(SubjectsPerQuery))
            {
                string list = string.Join(',', chunk.Select(e => e.SubjectId.ToString(CultureInfo.InvariantCulture)));
                string sql = string.Create(
                    CultureInfo.InvariantCulture,
                    $"""
                    SELECT {EventTable.Seq}, CAST({EventTable.EventKey} AS VARCHAR) FROM {EventTable.Name(dataset)}
                    WHERE {EventTable.Subject} IN ({list}) AND {EventTable.Seq} > $1 ORDER BY {EventTable.Seq} LIMIT {KeysAtOnce}
                    """);
                // In pieces: the store gives back only so many rows at once, and one person may have more.
                long last = -1;
                while (await events.AggregateAsync(sql, [last], cancellationToken) is { Count: > 0 } rows)
                {
                    keys.AddRange(rows.Select(r => Guid.Parse((string)r[1]!)));
                    last = (long)rows[^1][0]!;
                }
            }
        }

        return keys;
    }

    // The datasets whose rows are about people of this scope.
    private List<Dataset> Datasets(Erasure erasure) =>
        [.. catalog.List(erasure.Tenant).Where(d => string.Equals(d.SubjectScope, erasure.SubjectScope, StringComparison.Ordinal))];

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} erasures, {First} among them, are delayed to the next tick by a {Kind}. Others go on.")]
    private partial void LogDelayed(int count, string first, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} keys of page {Page} do not open. They are not of anybody who is erased, and were left as they are: restore them from a backup.")]
    private partial void LogDamaged(int count, long? page);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} values were held by nobody, which only damage to the vault's tables explains. They were erased with the others.")]
    private partial void LogUnheld(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "After erasure {Erasure} there are still {What}; it is not reported as done.")]
    private partial void LogLeft(string erasure, string what);
}
