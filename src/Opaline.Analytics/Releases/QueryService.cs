using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Plans, charges, computes and releases. Every call writes one audit record, whatever its outcome, and its charge another, so its caller does not; what
/// comes before a <see cref="Query"/> exists (a text that is none) is the caller's to record, of SQL by <see cref="RecordAsync"/>.
/// </summary>
public sealed class QueryService
{
    private readonly QueryPlanner _planner;
    private readonly Ledger _ledger;
    private readonly IControlStore _store;
    private readonly IEventStore _events;
    private readonly PublicClock _clock;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly AnalyticsOptions _options;
    private readonly NoiseDraw _draw;
    private readonly SingleFlight _flights = new();

    internal QueryService(
        QueryPlanner planner,
        Ledger ledger,
        IControlStore store,
        IEventStore events,
        PublicClock clock,
        AuditLog audit,
        TimeProvider time,
        IOptions<AnalyticsOptions> options,
        NoiseDraw draw)
    {
        _planner = planner;
        _ledger = ledger;
        _store = store;
        _events = events;
        _clock = clock;
        _audit = audit;
        _time = time;
        _options = options.Value;
        _draw = draw;
    }

    /// <summary>A dry run: plan, cost and balances without touching data or charging.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public async Task<QueryPlanView> PlanAsync(Caller caller, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        (QueryPlan plan, _) = await PlanAsync(caller, query, AuditActions.DryRun, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, plan, tick.AsOf, cancellationToken);
        ReleasedAnswer? released = await FindAsync(plan, tick, null, cancellationToken);
        await _audit.WriteAsync(
            CallerRecord.Of(caller, AuditActions.DryRun, QueryRecords.Target(query), "ok", QueryRecords.Detail(plan, query.Text)), cancellationToken);
        return new QueryPlanView(PlanSummaries.Of(plan), Cost(plan, balances, charged: true), balances.All(b => Ledger.Holds(b, plan)), released is not null);
    }

    /// <summary>Writes the record of SQL that was refused while it was read, with its text.</summary>
    public async Task RecordAsync(Caller caller, QueryRefusedException refusal, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(refusal);
        await _audit.WriteAsync(
            CallerRecord.Of(caller, dryRun ? AuditActions.DryRun : AuditActions.DataAccess, "dataset", refusal.Code, QueryRecords.Refusal(refusal.Text)),
            cancellationToken);
    }

    /// <summary>Answers: from a release of the identical plan that is young enough, else by a new, charged one.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    /// <exception cref="BudgetExhaustedException">An account is short.</exception>
    /// <exception cref="EngineFailureException">The event store failed after the charge.</exception>
    public async Task<Answer> AskAsync(Caller caller, Query query, AskOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        (QueryPlan plan, PlannedPresentation presentation) = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        Answer answer = await AskAsync(caller, plan, QueryRecords.Target(query), options, cancellationToken, query.Text);
        return presentation.Show(answer);
    }

    /// <summary>The newest release of the identical plan within its age, or null: what a caller without the right to spend may read.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public async Task<Answer?> FindReleaseAsync(Caller caller, Query query, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        (QueryPlan plan, PlannedPresentation presentation) = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ReleasedAnswer? released = await FindAsync(plan, tick, maxAge, cancellationToken);
        if (released is not null)
        {
            Answer answer = await ReplayAsync(caller, plan, QueryRecords.Target(query), released, tick, query.Text, cancellationToken);
            return presentation.Show(answer);
        }

        await _audit.WriteAsync(
            CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(query), "no_release", QueryRecords.Detail(plan, query.Text)), cancellationToken);
        return null;
    }

    /// <summary>Answers a plan.</summary>
    internal async Task<Answer> AskAsync(
        Caller caller, QueryPlan plan, string target, AskOptions options, CancellationToken cancellationToken, string? text = null)
    {
        using IDisposable flight = await _flights.EnterAsync(plan.HashText, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ReleasedAnswer? released = options.Fresh ? null : await FindAsync(plan, tick, options.MaxAge, cancellationToken);
        if (released is not null)
            return await ReplayAsync(caller, plan, target, released, tick, text, cancellationToken);

        Voucher voucher = await ChargeAsync(caller, plan, target, tick, text, cancellationToken);
        ReleasedAnswer answer = await ReleaseAsync(caller, plan, target, voucher, tick, text, cancellationToken);
        ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, plan, tick.AsOf, cancellationToken);
        await ReleaseClock.WaitAsync(_time, plan, _options.ReleaseClock, cancellationToken);
        return answer.Answer(replayed: false, Cost(plan, balances, charged: true));
    }

    private static AnswerCost Cost(QueryPlan plan, ImmutableArray<AccountBalance> balances, bool charged) => charged
        ? new AnswerCost(plan.Cost.Value, plan.Epsilon, plan.Delta, (long)plan.DeltaCost.Value, balances)
        : new AnswerCost(0, 0, plan.Delta, 0, balances);

    private async Task<(QueryPlan Plan, PlannedPresentation Presentation)> PlanAsync(
        Caller caller, Query query, string action, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<string> ids = EarlierReleases.NamedBy(query);
            EarlierReleases earlier = ids.Length == 0
                ? EarlierReleases.None
                : new EarlierReleases(await _store.ReadAsync(connection => ReleaseTable.Find(connection, caller.Tenant, ids), cancellationToken));
            QueryPlan plan = await _planner.PlanAsync(caller.Tenant, query, earlier, cancellationToken);
            return (plan, PlannedPresentation.Of(plan, query.Presentation));
        }
        catch (QueryRefusedException refusal)
        {
            await _audit.WriteAsync(CallerRecord.Of(caller, action, QueryRecords.Target(query), refusal.Code, QueryRecords.Refusal(query.Text)), cancellationToken);
            throw;
        }
    }

    // Before the first tick nothing is visible, and no age can be told.
    private async Task<Tick> TickAsync(CancellationToken cancellationToken) =>
        _clock.Current is { Number: > 0 } tick ? tick : await _clock.WaitForAsync(1, cancellationToken);

    private Task<ReleasedAnswer?> FindAsync(QueryPlan plan, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        TimeSpan age = maxAge ?? plan.Dataset.MaxAge;
        // Age decides, never whether data changed.
        DateTime notBefore = tick.AsOf - DateTime.UnixEpoch > age ? tick.AsOf - age : DateTime.UnixEpoch;
        return _store.ReadAsync(connection => ReleaseTable.FindNewest(connection, plan, notBefore), cancellationToken);
    }

    private async Task<Answer> ReplayAsync(
        Caller caller, QueryPlan plan, string target, ReleasedAnswer released, Tick tick, string? text, CancellationToken cancellationToken)
    {
        ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, plan, tick.AsOf, cancellationToken);
        await _audit.WriteAsync(
            CallerRecord.Of(caller, AuditActions.DataAccess, target, "ok", QueryRecords.Replay(plan, released, text)), cancellationToken);
        return released.Answer(replayed: true, Cost(plan, balances, charged: false));
    }

    private async Task<Voucher> ChargeAsync(Caller caller, QueryPlan plan, string target, Tick tick, string? text, CancellationToken cancellationToken)
    {
        try
        {
            return await _ledger.ChargeAsync(caller, plan, tick.AsOf, cancellationToken);
        }
        catch (BudgetExhaustedException)
        {
            await _audit.WriteAsync(
                CallerRecord.Of(caller, AuditActions.DataAccess, target, BudgetExhaustedException.Code, QueryRecords.Detail(plan, text)), cancellationToken);
            throw;
        }
    }

    private async Task<ReleasedAnswer> ReleaseAsync(
        Caller caller, QueryPlan plan, string target, Voucher voucher, Tick tick, string? text, CancellationToken cancellationToken)
    {
        ReleaseNoise noise = new(plan, _draw);
        CellSums sums = new(plan);
        AnswerRows.Prepare(plan);
        Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> rows = plan.Derivation?.Prepare(plan) ?? ((exact, drawn) => AnswerRows.Of(plan, exact, drawn));
        try
        {
            foreach (BoundedAggregation statement in AggregationWriter.Write(plan, tick.VisibleLsn, voucher.Nonce.AsSpan()))
                sums.Add(statement, await _events.AggregateAsync(statement.Sql, statement.Parameters, cancellationToken));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever happened in there could depend on data: one code, on the clock, and the charge stays.
            await _audit.WriteAsync(
                CallerRecord.Of(caller, AuditActions.DataAccess, target, EngineFailureException.Code, QueryRecords.Detail(plan, text)), cancellationToken);
            await ReleaseClock.WaitAsync(_time, plan, _options.ReleaseClock, cancellationToken);
            throw new EngineFailureException();
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ImmutableArray<AnswerRow> answered = rows(sums, noise);
        ReleasedAnswer answer = new(id, tick.AsOf, tick.Number, answered, PlanSummaries.Of(plan), ProposedBounds.Of(plan, answered));
        string json = answer.Write();
        DateTime now = _time.GetUtcNow().UtcDateTime;
        return await _store.WriteAsync(
            transaction =>
            {
                Ledger.Release(transaction, voucher);
                ReleaseTable.Add(transaction, plan, answer, json, now, voucher);
                _audit.Append(transaction, CallerRecord.Of(
                    caller, AuditActions.DataAccess, target, "ok", QueryRecords.Detail(plan, answer, json, voucher, text)));
                return answer;
            },
            cancellationToken);
    }
}
