using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Plans, charges, computes and releases. Every call writes one audit record, whatever its outcome, and its charge another, so its caller does not; what
/// comes before a <see cref="Query"/> exists (a text that is none) is the caller's to record.
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
        QueryPlan plan = await PlanAsync(caller, query, AuditActions.DryRun, cancellationToken);
        return (await ViewAsync(caller, [plan], cancellationToken))[0];
    }

    /// <summary>A dry run of several queries together, as <see cref="AskAllAsync"/> would answer them.</summary>
    /// <exception cref="QueryRefusedException">A query cannot be planned; the path begins with its place, <c>$.queries[0]</c>.</exception>
    public async Task<ImmutableArray<QueryPlanView>> PlanAllAsync(Caller caller, ImmutableArray<Query> queries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await ViewAsync(caller, await PlanAllAsync(caller, queries, AuditActions.DryRun, cancellationToken), cancellationToken);
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
        QueryPlan plan = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        return (await AskAsync(caller, [plan], options, cancellationToken))[0];
    }

    /// <summary>
    /// Answers several queries, in their order. Those about the same cells of the same rows are one plan and one release, so that what they have in common is
    /// charged once; all that is new is charged together or not at all.
    /// </summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="queries">1 to <see cref="QueryLimits.MaxBatch"/>.</param>
    /// <param name="options">How answers may be found; for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="QueryRefusedException">A query cannot be planned; the path begins with its place, <c>$.queries[0]</c>. Nothing was charged.</exception>
    /// <exception cref="BudgetExhaustedException">An account is short; nothing was charged.</exception>
    /// <exception cref="EngineFailureException">The event store failed after the charge.</exception>
    public async Task<ImmutableArray<Answer>> AskAllAsync(
        Caller caller, ImmutableArray<Query> queries, AskOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(options);
        return await AskAsync(caller, await PlanAllAsync(caller, queries, AuditActions.DataAccess, cancellationToken), options, cancellationToken);
    }

    /// <summary>The newest release of the identical plan within its age, or null: what a caller without the right to spend may read.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public async Task<Answer?> FindReleaseAsync(Caller caller, Query query, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        QueryPlan plan = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ReleasedAnswer? released = await FindAsync(plan, tick, maxAge, cancellationToken);
        if (released is not null)
        {
            await RecordReplayAsync(caller, plan, released, cancellationToken);
            return new PlanParts([plan]) { Release = released }.Answer(plan, released, await _ledger.BalancesAsync(caller, plan, tick.AsOf, cancellationToken));
        }

        await _audit.WriteAsync(
            CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(query), "no_release", QueryRecords.Detail(plan)), cancellationToken);
        return null;
    }

    /// <summary>Answers plans, in their order.</summary>
    internal async Task<ImmutableArray<Answer>> AskAsync(
        Caller caller, ImmutableArray<QueryPlan> plans, AskOptions options, CancellationToken cancellationToken)
    {
        using IDisposable flight = await _flights.EnterAsync(plans.Select(p => p.HashText), cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        List<PlanParts> parts = await ResolveAsync(plans, tick, options, cancellationToken);
        ImmutableArray<QueryPlan> charged = [.. parts.Where(p => p.Release is null).Select(p => p.Plan)];
        ImmutableArray<Voucher> vouchers = charged.IsEmpty ? [] : await ChargeAsync(caller, charged, tick, cancellationToken);
        Dictionary<string, Answer> answers = new(StringComparer.Ordinal);
        foreach (PlanParts part in parts)
        {
            ReleasedAnswer release = part.Release
                ?? await ReleaseAsync(caller, part.Plan, vouchers[charged.IndexOf(part.Plan)], tick, cancellationToken);
            if (part.Release is not null)
                await RecordReplayAsync(caller, part.Plan, release, cancellationToken, part.RolledUpFrom is not null);
            ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, part.Plan, tick.AsOf, cancellationToken);
            foreach (QueryPlan question in part.Questions)
                answers.Add(question.HashText, part.Answer(question, release, balances));
        }

        if (!charged.IsEmpty)
            await ReleaseClock.WaitAsync(_time, charged.FirstOrDefault(p => p.Selection is not null) ?? charged[0], _options.ReleaseClock, cancellationToken);
        // Asked twice in one batch it is paid once.
        HashSet<string> told = new(StringComparer.Ordinal);
        return [.. plans.Select(p => told.Add(p.HashText) ? answers[p.HashText] : Replayed(answers[p.HashText]))];
    }

    private static Answer Replayed(Answer answer) =>
        answer with { Replayed = true, Cost = answer.Cost with { NanoRho = 0, Epsilon = 0, AttoDelta = 0 } };

    // What each of the plans is answered by: a release, or a plan that is yet to be charged.
    private async Task<List<PlanParts>> ResolveAsync(
        ImmutableArray<QueryPlan> plans, Tick tick, AskOptions options, CancellationToken cancellationToken)
    {
        List<PlanParts> parts = [];
        foreach (IGrouping<string, QueryPlan> group in plans.DistinctBy(p => p.HashText).GroupBy(p => PlanMerger.Frame(p) ?? p.HashText))
        {
            PlanParts whole = await FoundAsync(new PlanParts([.. group]), tick, options, cancellationToken);
            if (options.Fresh || whole.Release is not null || whole.Questions.Length == 1)
            {
                parts.Add(whole);
                continue;
            }

            PlanParts[] single = await Task.WhenAll(group.Select(p => FoundAsync(new PlanParts([p]), tick, options, cancellationToken)));
            parts.AddRange(single.Where(p => p.Release is not null));
            ImmutableArray<QueryPlan> rest = [.. single.Where(p => p.Release is null).Select(p => p.Plan)];
            if (rest.Length == single.Length)
                parts.Add(whole);
            else if (!rest.IsEmpty)
                parts.Add(await FoundAsync(new PlanParts(rest), tick, options, cancellationToken));
        }

        return parts;
    }

    private async Task<PlanParts> FoundAsync(PlanParts parts, Tick tick, AskOptions options, CancellationToken cancellationToken) => options.Fresh
        ? parts
        : await FindAsync(parts.Plan, tick, options.MaxAge, cancellationToken) is { } release
            ? parts with { Release = release }
            : await RolledUpAsync(parts, tick, options.MaxAge, cancellationToken);

    // A question of its own only: a release of several is made because one of them is not to be had.
    private async Task<PlanParts> RolledUpAsync(PlanParts parts, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (parts.Questions.Length > 1 || !RollUp.IsPossible(parts.Plan))
            return parts;
        foreach ((string id, RollUpSource source) in await _store.ReadAsync(
            connection => ReleaseTable.Sources(connection, parts.Plan, NotBefore(parts.Plan, tick, maxAge)), cancellationToken))
        {
            if (RollUp.Find(parts.Plan, source) is not { } rollUp)
                continue;
            ReleasedAnswer release = await _store.ReadAsync(connection => ReleaseTable.Find(connection, parts.Plan.Dataset.Tenant, [id])[id], cancellationToken);
            return parts with { Release = rollUp.Of(release), RolledUpFrom = id };
        }

        return parts;
    }

    private async Task<ImmutableArray<QueryPlanView>> ViewAsync(Caller caller, ImmutableArray<QueryPlan> plans, CancellationToken cancellationToken)
    {
        Tick tick = await TickAsync(cancellationToken);
        List<PlanParts> parts = await ResolveAsync(plans, tick, AskOptions.Default, cancellationToken);
        ImmutableArray<QueryPlan> charged = [.. parts.Where(p => p.Release is null).Select(p => p.Plan)];
        Dictionary<string, QueryPlanView> views = new(StringComparer.Ordinal);
        foreach (PlanParts part in parts)
        {
            ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, part.Plan, tick.AsOf, cancellationToken);
            PlanSummary whole = PlanSummaries.Of(part.Plan);
            // A release that is there makes this one free, but what it would cost anew is told, and whether that would fit.
            (bool affordable, LargestFit fit) = Ledger.Fit(balances, part.Release is null ? charged.RemoveAll(p => p.Dataset.Id != part.Plan.Dataset.Id) : [part.Plan]);
            foreach (QueryPlan question in part.Questions)
            {
                PlanSummary summary = part.Summary(question, whole);
                views.Add(question.HashText, new QueryPlanView(summary, part.Cost(question, summary, balances), affordable, part is { Release: not null, RolledUpFrom: null })
                {
                    RollUpFrom = part.RolledUpFrom,
                    LargestEpsilon = fit.Epsilon,
                    LargestDelta = fit.Delta,
                });
            }

            await _audit.WriteAsync(
                CallerRecord.Of(caller, AuditActions.DryRun, QueryRecords.Target(part.Plan), "ok", QueryRecords.Detail(part.Plan)), cancellationToken);
        }

        return [.. plans.Select(p => views[p.HashText])];
    }

    private async Task<ImmutableArray<QueryPlan>> PlanAllAsync(
        Caller caller, ImmutableArray<Query> queries, string action, CancellationToken cancellationToken)
    {
        if (queries.IsDefaultOrEmpty || queries.Length > QueryLimits.MaxBatch)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A batch has 1 to {QueryLimits.MaxBatch} queries.", "$.queries");
        ImmutableArray<QueryPlan>.Builder plans = ImmutableArray.CreateBuilder<QueryPlan>(queries.Length);
        foreach (Query query in queries)
        {
            try
            {
                plans.Add(await PlanAsync(caller, query, action, cancellationToken));
            }
            catch (QueryRefusedException refusal)
            {
                throw QueryJson.At(plans.Count, refusal);
            }
        }

        return plans.MoveToImmutable();
    }

    private async Task<QueryPlan> PlanAsync(Caller caller, Query query, string action, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<string> ids = EarlierReleases.NamedBy(query);
            EarlierReleases earlier = ids.Length == 0
                ? EarlierReleases.None
                : new EarlierReleases(await _store.ReadAsync(connection => ReleaseTable.Find(connection, caller.Tenant, ids), cancellationToken));
            return _planner.Plan(caller.Tenant, query, earlier);
        }
        catch (QueryRefusedException refusal)
        {
            await _audit.WriteAsync(CallerRecord.Of(caller, action, QueryRecords.Target(query), refusal.Code), cancellationToken);
            throw;
        }
    }

    // Before the first tick nothing is visible, and no age can be told.
    private async Task<Tick> TickAsync(CancellationToken cancellationToken) =>
        _clock.Current is { Number: > 0 } tick ? tick : await _clock.WaitForAsync(1, cancellationToken);

    // Age decides, never whether data changed.
    private static DateTime NotBefore(QueryPlan plan, Tick tick, TimeSpan? maxAge)
    {
        TimeSpan age = maxAge ?? plan.Dataset.MaxAge;
        return tick.AsOf - DateTime.UnixEpoch > age ? tick.AsOf - age : DateTime.UnixEpoch;
    }

    private Task<ReleasedAnswer?> FindAsync(QueryPlan plan, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        DateTime notBefore = NotBefore(plan, tick, maxAge);
        return _store.ReadAsync(connection => ReleaseTable.FindNewest(connection, plan, notBefore), cancellationToken);
    }

    private Task RecordReplayAsync(
        Caller caller, QueryPlan plan, ReleasedAnswer released, CancellationToken cancellationToken, bool rolledUp = false) => _audit.WriteAsync(
        CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(plan), "ok", QueryRecords.Replay(plan, released, rolledUp)), cancellationToken);

    private async Task<ImmutableArray<Voucher>> ChargeAsync(Caller caller, ImmutableArray<QueryPlan> plans, Tick tick, CancellationToken cancellationToken)
    {
        try
        {
            return await _ledger.ChargeAsync(caller, plans, tick.AsOf, cancellationToken);
        }
        catch (BudgetExhaustedException)
        {
            foreach (QueryPlan plan in plans)
            {
                await _audit.WriteAsync(
                    CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(plan), BudgetExhaustedException.Code, QueryRecords.Detail(plan)),
                    cancellationToken);
            }

            throw;
        }
    }

    private async Task<ReleasedAnswer> ReleaseAsync(
        Caller caller, QueryPlan plan, Voucher voucher, Tick tick, CancellationToken cancellationToken)
    {
        string target = QueryRecords.Target(plan);
        ReleaseNoise noise = new(plan, _draw);
        CellSums sums = new(plan);
        AnswerRows.Prepare(plan);
        try
        {
            foreach (BoundedAggregation statement in AggregationWriter.Write(plan, tick.VisibleLsn, voucher.Nonce.AsSpan()))
                sums.Add(statement, await _events.AggregateAsync(statement.Sql, statement.Parameters, cancellationToken));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever happened in there could depend on data: one code, on the clock, and the charge stays.
            await _audit.WriteAsync(
                CallerRecord.Of(caller, AuditActions.DataAccess, target, EngineFailureException.Code, QueryRecords.Detail(plan)), cancellationToken);
            await ReleaseClock.WaitAsync(_time, plan, _options.ReleaseClock, cancellationToken);
            throw new EngineFailureException();
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ImmutableArray<AnswerRow> rows = AnswerRows.Of(plan, sums, noise);
        ReleasedAnswer answer = new(id, tick.AsOf, tick.Number, rows, PlanSummaries.Of(plan), ProposedBounds.Of(plan, rows));
        string json = answer.Write();
        DateTime now = _time.GetUtcNow().UtcDateTime;
        return await _store.WriteAsync(
            transaction =>
            {
                Ledger.Release(transaction, voucher);
                ReleaseTable.Add(transaction, plan, answer, json, now, voucher);
                _audit.Append(transaction, CallerRecord.Of(
                    caller, AuditActions.DataAccess, target, "ok", QueryRecords.Detail(plan, answer, json, voucher)));
                return answer;
            },
            cancellationToken);
    }
}
