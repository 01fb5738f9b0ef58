using System.Collections.Immutable;
using System.Data.Common;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Reads accounts. Every reading leaves an audit record.</summary>
public sealed class BudgetService
{
    private readonly IControlStore _store;
    private readonly CatalogStore _catalog;
    private readonly PublicClock _clock;
    private readonly AuditLog _audit;
    private readonly Accounts _accounts;
    private readonly Ledger _ledger;

    internal BudgetService(IControlStore store, CatalogStore catalog, PublicClock clock, AuditLog audit, Accounts accounts, Ledger ledger)
    {
        _store = store;
        _catalog = catalog;
        _clock = clock;
        _audit = audit;
        _accounts = accounts;
        _ledger = ledger;
    }

    /// <summary>The tenant's datasets, the caller's department and the caller, in their current windows.</summary>
    public async Task<BudgetView> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        DateTime asOf = _clock.Current.AsOf;
        IReadOnlyList<Dataset> datasets = _catalog.List(caller.Tenant);
        BudgetView view = await _store.ReadAsync(connection => Read(connection, caller, datasets, asOf), cancellationToken);
        await _audit.WriteAsync(CallerRecord.Of(caller, AuditActions.BudgetRead, "budget", "ok"), cancellationToken);
        return view;
    }

    private BudgetView Read(DbConnection connection, Caller caller, IReadOnlyList<Dataset> datasets, DateTime asOf)
    {
        ImmutableArray<Account> accounts = [.. datasets.Select(_accounts.Of), .. _accounts.Of(caller)];
        return new BudgetView(
            asOf,
            [.. accounts.Select(a => _ledger.Balance(connection, a, asOf, null))],
            [.. datasets.Where(d => d.Unit != PrivacyUnit.Subject).SelectMany(d => Blocks(connection, d, asOf))],
            [
                .. datasets.Select(d => d.SubjectScope).Distinct(StringComparer.Ordinal).Select(scope =>
                {
                    long spent = LedgerTable.Person(connection, caller.Tenant, scope);
                    return new ScopeSpend(scope, spent, _accounts.EpsilonOf(spent));
                }),
            ]);
    }

    private IEnumerable<BlockSpend> Blocks(DbConnection connection, Dataset dataset, DateTime asOf)
    {
        Account account = _accounts.Of(dataset);
        Period unit = BlockInterval.PeriodOf(dataset.Unit)!.Value;
        return LedgerTable.BlockSums(connection, account, LedgerTable.Window(connection, account, asOf), null)
            .Select(s => new BlockSpend(dataset.Name, BlockInterval.FirstDate(unit, s.Blocks.From), BlockInterval.FirstDate(unit, s.Blocks.To), s.NanoRho));
    }
}
