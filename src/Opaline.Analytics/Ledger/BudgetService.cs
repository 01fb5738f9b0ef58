using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Reads accounts. Every reading leaves an audit record.</summary>
public sealed class BudgetService
{
    /// <summary>Longest history of one reading.</summary>
    public const int MostHistoryDays = 400;

    private readonly IControlStore _store;
    private readonly CatalogStore _catalog;
    private readonly PublicClock _clock;
    private readonly AuditLog _audit;
    private readonly Accounts _accounts;
    private readonly Ledger _ledger;
    private readonly BudgetFeed _feed;
    private readonly TimeProvider _time;

    internal BudgetService(
        IControlStore store, CatalogStore catalog, PublicClock clock, AuditLog audit, Accounts accounts, Ledger ledger, BudgetFeed feed, TimeProvider time)
    {
        _store = store;
        _catalog = catalog;
        _clock = clock;
        _audit = audit;
        _accounts = accounts;
        _ledger = ledger;
        _feed = feed;
        _time = time;
    }

    /// <summary>The tenant's datasets, the caller's department and the caller, in their current windows.</summary>
    public Task<BudgetView> ReadAsync(Caller caller, CancellationToken cancellationToken) => ReadAsync(caller, null, cancellationToken);

    /// <summary>The same with what each account was charged on each of the last days.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="historyDays">How many UTC days, today included, 1 to <see cref="MostHistoryDays"/>; null for no history.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of days.</exception>
    public async Task<BudgetView> ReadAsync(Caller caller, int? historyDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (historyDays is < 1 or > MostHistoryDays)
            throw new ArgumentOutOfRangeException(nameof(historyDays), historyDays, "Out of range.");
        DateTime asOf = _clock.Current.AsOf;
        IReadOnlyList<Dataset> datasets = _catalog.List(caller.Tenant);
        BudgetView view = await _store.ReadAsync(connection => Read(connection, caller, datasets, asOf, historyDays), cancellationToken);
        await _audit.WriteAsync(CallerRecord.Of(caller, AuditActions.BudgetRead, "budget", "ok"), cancellationToken);
        return view;
    }

    /// <summary>
    /// Every account of <see cref="ReadAsync(Caller, CancellationToken)"/> as it stands, then each again whenever it was charged, until it is
    /// cancelled. Charges that come faster than they are read are told together. Its caller records it.
    /// </summary>
    /// <param name="caller">Who watches.</param>
    /// <param name="heartbeat">How long to be silent at most.</param>
    /// <param name="cancellationToken">Ends the watch, by an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<BudgetChange> WatchAsync(
        Caller caller, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        using BudgetWatch watch = _feed.Watch(caller);
        IReadOnlySet<(AccountKind Kind, string Key)>? charged = null;
        while (true)
        {
            DateTime asOf = _clock.Current.AsOf;
            foreach (AccountBalance account in await ReadAsync(caller, charged, asOf, cancellationToken))
                yield return new BudgetChange(asOf, account);
            while ((charged = await watch.NextAsync(heartbeat, _time, cancellationToken)).Count == 0)
                yield return new BudgetChange(_clock.Current.AsOf, null);
        }
    }

    /// <summary>Makes sure that every total of the ledger is the sum of its charges; before the first question, as every answer relies on it.</summary>
    /// <exception cref="StorageFailureException">One is not.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> differences = await _store.ReadAsync(LedgerCheck.Differences, cancellationToken);
        if (differences.Count > 0)
        {
            throw new StorageFailureException(
                $"The ledger's totals are not the sums of its charges ({differences.Count} accounts): the control store was changed from outside. Restore the data folder from a backup; nothing was changed.");
        }
    }

    private Task<ImmutableArray<AccountBalance>> ReadAsync(
        Caller caller, IReadOnlySet<(AccountKind Kind, string Key)>? only, DateTime asOf, CancellationToken cancellationToken)
    {
        ImmutableArray<Account> all = [.. _catalog.List(caller.Tenant).Select(_accounts.Of), .. _accounts.Of(caller)];
        ImmutableArray<Account> asked = only is null ? all : [.. all.Where(a => only.Contains((a.Kind, a.Key)))];
        return _store.ReadAsync<ImmutableArray<AccountBalance>>(
            connection => [.. BalanceTable.States(connection, asked, asOf, null).Select(_ledger.Balance)], cancellationToken);
    }

    private BudgetView Read(DbConnection connection, Caller caller, IReadOnlyList<Dataset> datasets, DateTime asOf, int? historyDays)
    {
        ImmutableArray<AccountState> states = BalanceTable.States(connection, [.. datasets.Select(_accounts.Of), .. _accounts.Of(caller)], asOf, null);
        return new BudgetView(
            asOf,
            [.. states.Select(s => Read(connection, s, asOf, historyDays))],
            [.. datasets.Zip(states).Where(d => d.First.Unit != PrivacyUnit.Subject).SelectMany(d => Blocks(connection, d.First, d.Second))],
            [
                .. datasets.Select(d => d.SubjectScope).Distinct(StringComparer.Ordinal).Select(scope =>
                {
                    (long spent, long delta) = BalanceTable.Person(connection, caller.Tenant, scope);
                    return new ScopeSpend(scope, spent, delta, _accounts.EpsilonOf(spent));
                }),
            ]);
    }

    private AccountBalance Read(DbConnection connection, AccountState state, DateTime asOf, int? historyDays) => _ledger.Balance(state) with
    {
        Forecast = BudgetForecast.Of(connection, state, asOf),
        History = historyDays is { } days ? [.. LedgerTable.Days(connection, state.Account, DateOnly.FromDateTime(asOf).AddDays(1 - days))] : default,
    };

    private static IEnumerable<BlockSpend> Blocks(DbConnection connection, Dataset dataset, AccountState state)
    {
        Period unit = BlockInterval.PeriodOf(dataset.Unit)!.Value;
        return BalanceTable.Blocks(connection, state).Select(s => new BlockSpend(dataset.Name, BlockInterval.FirstDate(unit, s.Blocks.From), BlockInterval.FirstDate(unit, s.Blocks.To), s.NanoRho));
    }
}
