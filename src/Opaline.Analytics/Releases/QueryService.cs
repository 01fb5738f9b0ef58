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
    private readonly ReleaseFinder _finder;
    private readonly SummedNoise _sums = new();
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
        _finder = new ReleaseFinder(store, _sums);
    }

    /// <summary>A dry run: plan, cost and balances without touching data or charging.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    public async Task<QueryPlanView> PlanAsync(Caller caller, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        Question question = await PlanAsync(caller, query, AuditActions.DryRun, cancellationToken);
        return (await ViewAsync(caller, [question], cancellationToken))[0];
    }

    /// <summary>A dry run of several queries together, as <see cref="AskAllAsync"/> would answer them.</summary>
    /// <exception cref="QueryRefusedException">A query cannot be planned; the path begins with its place, <c>$.queries[0]</c>.</exception>
    public async Task<ImmutableArray<QueryPlanView>> PlanAllAsync(Caller caller, ImmutableArray<Query> queries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await ViewAsync(caller, await PlanAllAsync(caller, queries, AuditActions.DryRun, cancellationToken), cancellationToken);
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

    /// <summary>Answers: from a release that is young enough, of the identical plan or one whose numbers add up to the answer, else by a new, charged one.</summary>
    /// <exception cref="QueryRefusedException">The query cannot be planned.</exception>
    /// <exception cref="BudgetExhaustedException">An account is short.</exception>
    /// <exception cref="EngineFailureException">The event store failed after the charge.</exception>
    public async Task<Answer> AskAsync(Caller caller, Query query, AskOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        Question question = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        return (await AskAsync(caller, [question], options, cancellationToken))[0];
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
        (QueryPlan plan, PlannedPresentation presentation, string? text) = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ReleasedAnswer? released = await _finder.FindAsync(plan, tick, maxAge, cancellationToken);
        if (released is not null)
        {
            JointPlan part = new([plan]) { Release = released };
            await RecordReplayAsync(caller, part, released, text, cancellationToken);
            return presentation.Show(part.Answer(plan, released, false, await _ledger.BalancesAsync(caller, plan, tick.AsOf, cancellationToken)), _sums, cancellationToken);
        }

        await _audit.WriteAsync(
            CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(plan), "no_release", QueryRecords.Detail(plan, text)), cancellationToken);
        return null;
    }

    /// <summary>Answers questions, in their order.</summary>
    internal async Task<ImmutableArray<Answer>> AskAsync(
        Caller caller, ImmutableArray<Question> questions, AskOptions options, CancellationToken cancellationToken)
    {
        // From the first on: whoever waits for another's engine has no more time than that one.
        using CancellationTokenSource limit = new(_options.EngineLimit, _time);
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using IDisposable flight = await EnterAsync(caller, questions, limited.Token, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        List<JointPlan> parts = await _finder.ResolveAsync(questions.Select(q => q.Plan), tick, options, cancellationToken);
        ImmutableArray<JointPlan> charged = [.. parts.Where(p => p.Release is null)];
        ImmutableArray<Voucher> vouchers = charged.IsEmpty ? [] : await ChargeAsync(caller, charged, questions, tick, cancellationToken);
        Task<ImmutableArray<ReleasedAnswer>> releasing = ReleaseAndRecordAsync();
        // Read while the engine works, or a record is on its way to the disk.
        Task<ImmutableArray<AccountBalance>[]> reading = Task.WhenAll(parts.Select(p => _ledger.BalancesAsync(caller, p.Plan, tick.AsOf, cancellationToken)));
        await Task.WhenAll(releasing, reading);
        (ImmutableArray<ReleasedAnswer> released, ImmutableArray<AccountBalance>[] balances) = (await releasing, await reading);
        Dictionary<string, Answer> answers = new(StringComparer.Ordinal);
        foreach ((int place, JointPlan part) in parts.Index())
        {
            bool paid = part.Release is null && vouchers[charged.IndexOf(part)].IsNew;
            foreach (QueryPlan question in part.Questions)
                answers.Add(question.HashText, part.Answer(question, part.Release ?? released[charged.IndexOf(part)], paid, balances[place]));
        }

        // Asked twice in one batch it is paid once.
        HashSet<string> told = new(StringComparer.Ordinal);
        return
        [
            .. questions.Select(q => q.Presentation.Show(
                told.Add(q.Plan.HashText) ? answers[q.Plan.HashText] : answers[q.Plan.HashText].AsReplay(), _sums, cancellationToken)),
        ];

        async Task<ImmutableArray<ReleasedAnswer>> ReleaseAndRecordAsync()
        {
            ImmutableArray<ReleasedAnswer> made = charged.IsEmpty
                ? []
                : await ReleaseAsync(caller, charged, vouchers, tick, questions, options.Fresh, limited.Token, cancellationToken);
            await Task.WhenAll(parts.Where(p => p.Release is not null).Select(p => RecordReplayAsync(caller, p, p.Release!, p.Text(questions), cancellationToken)));
            return made;
        }
    }

    private async Task<IDisposable> EnterAsync(
        Caller caller, ImmutableArray<Question> questions, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await _flights.EnterAsync(questions.Select(q => q.Plan.HashText), limit);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Question question in questions)
                await _audit.WriteAsync(QueryRecords.Failure(caller, question.Plan, question.Text), cancellationToken);
            await ReleaseClock.WaitAsync(_time, questions[0].Plan, _options.ReleaseClock, cancellationToken);
            throw new EngineFailureException();
        }
    }

    private async Task<ImmutableArray<QueryPlanView>> ViewAsync(Caller caller, ImmutableArray<Question> questions, CancellationToken cancellationToken)
    {
        Tick tick = await TickAsync(cancellationToken);
        List<JointPlan> parts = await _finder.ResolveAsync(questions.Select(q => q.Plan), tick, AskOptions.Default, cancellationToken);
        ImmutableArray<QueryPlan> charged = [.. parts.Where(p => p.Release is null).Select(p => p.Plan)];
        Dictionary<string, QueryPlanView> views = new(StringComparer.Ordinal);
        bool all = await _ledger.HoldsAsync(caller, charged, tick.AsOf, cancellationToken);
        foreach (JointPlan part in parts)
        {
            ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, part.Plan, tick.AsOf, cancellationToken);
            PlanSummary whole = PlanSummaries.Of(part.Plan);
            // A release that is there makes this one free, but what it would cost anew is told, and whether that would fit.
            (bool holds, LargestFit fit) = Ledger.Fit(balances, part.Plan);
            foreach (QueryPlan question in part.Questions)
            {
                PlanSummary summary = part.Summary(question, whole);
                QueryPlanView view = new(
                    summary, part.Cost(question, summary, balances), holds && (part.Release is not null || all), part is { Release: not null, RolledUpFrom: null });
                views.Add(question.HashText, view with
                {
                    RollUpFrom = part.RolledUpFrom,
                    LargestEpsilon = part.Questions.Length == 1 ? fit.Epsilon : null,
                    LargestDelta = part.Questions.Length == 1 ? fit.Delta : null,
                });
            }

            await _audit.WriteAsync(
                CallerRecord.Of(caller, AuditActions.DryRun, QueryRecords.Target(part.Plan), "ok", QueryRecords.Detail(part.Plan, part.Text(questions))),
                cancellationToken);
        }

        return [.. questions.Select(q => q.Presentation.Named(views[q.Plan.HashText]))];
    }

    private async Task<ImmutableArray<Question>> PlanAllAsync(
        Caller caller, ImmutableArray<Query> queries, string action, CancellationToken cancellationToken)
    {
        if (queries.IsDefaultOrEmpty || queries.Length > QueryLimits.MaxBatch)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A batch has 1 to {QueryLimits.MaxBatch} queries.", "$.queries");
        ImmutableArray<Question>.Builder questions = ImmutableArray.CreateBuilder<Question>(queries.Length);
        foreach (Query query in queries)
        {
            try
            {
                questions.Add(await PlanAsync(caller, query, action, cancellationToken));
            }
            catch (QueryRefusedException refusal)
            {
                throw QueryJson.At(questions.Count, refusal);
            }
        }

        return questions.MoveToImmutable();
    }

    private async Task<Question> PlanAsync(Caller caller, Query query, string action, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<string> ids = EarlierReleases.NamedBy(query);
            EarlierReleases earlier = ids.Length == 0
                ? EarlierReleases.None
                : new EarlierReleases(await _store.ReadAsync(connection => ReleaseTable.Find(connection, caller.Tenant, ids), cancellationToken));
            QueryPlan plan = await _planner.PlanAsync(caller.Tenant, query, earlier, cancellationToken);
            return new Question(plan, PlannedPresentation.Of(plan, query.Presentation), query.Text);
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

    private Task RecordReplayAsync(Caller caller, JointPlan part, ReleasedAnswer released, string? text, CancellationToken cancellationToken) => _audit.WriteAsync(
        CallerRecord.Of(
            caller, AuditActions.DataAccess, QueryRecords.Target(part.Plan), "ok", QueryRecords.Replay(part.Plan, released, part.RolledUpFrom is not null, text)),
        cancellationToken);

    private async Task<ImmutableArray<Voucher>> ChargeAsync(
        Caller caller, ImmutableArray<JointPlan> parts, ImmutableArray<Question> questions, Tick tick, CancellationToken cancellationToken)
    {
        try
        {
            return await _ledger.ChargeAsync(caller, [.. parts.Select(p => p.Plan)], tick.AsOf, cancellationToken);
        }
        catch (BudgetExhaustedException)
        {
            foreach (JointPlan part in parts)
            {
                await _audit.WriteAsync(
                    CallerRecord.Of(
                        caller,
                        AuditActions.DataAccess,
                        QueryRecords.Target(part.Plan),
                        BudgetExhaustedException.Code,
                        QueryRecords.Detail(part.Plan, part.Text(questions))),
                    cancellationToken);
            }

            throw;
        }
    }

    // Nothing tells that an answer is there before the clock lets it leave: neither a dry run, nor whoever may read it, nor the time of its record.
    private async Task<ImmutableArray<ReleasedAnswer>> ReleaseAsync(
        Caller caller,
        ImmutableArray<JointPlan> parts,
        ImmutableArray<Voucher> vouchers,
        Tick tick,
        ImmutableArray<Question> questions,
        bool fresh,
        CancellationToken limit,
        CancellationToken cancellationToken)
    {
        QueryPlan slowest = (parts.FirstOrDefault(p => p.Plan.Selection is not null) ?? parts[0]).Plan;
        List<(ReleasedAnswer Answer, byte[] Json, RollUpSource? Source)> computed = [];
        JointPlan? failed = null;
        foreach ((JointPlan part, Voucher voucher) in parts.Zip(vouchers))
        {
            try
            {
                computed.Add(await ComputeAsync(part.Plan, voucher, tick, limit));
            }
            catch (EngineFailureException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                failed = part;
                break;
            }
        }

        // What came before a failure is paid for, and there when it is asked for again; but who asks for new releases only would pay for that once more, while a
        // voucher that stays open is good for one.
        if (failed is not null && fresh)
            computed.Clear();
        await ReleaseClock.WaitAsync(_time, slowest, _options.ReleaseClock, cancellationToken);
        DateTime now = _time.GetUtcNow().UtcDateTime;
        await _store.WriteAsync(
            transaction =>
            {
                for (int i = 0; i < computed.Count; i++)
                {
                    (ReleasedAnswer answer, byte[] json, RollUpSource? source) = computed[i];
                    // Used meanwhile by a call whose questions together were the same plan: asked again, this one finds that release.
                    if (!Ledger.Release(transaction, vouchers[i]))
                    {
                        failed = parts[i];
                        computed.RemoveRange(i, computed.Count - i);
                        break;
                    }

                    ReleaseTable.Add(transaction, parts[i], answer, json, source, now, vouchers[i]);
                    string detail = QueryRecords.Detail(parts[i].Plan, answer, json, vouchers[i], parts[i].Text(questions));
                    _audit.Enqueue(transaction, CallerRecord.Of(caller, AuditActions.DataAccess, QueryRecords.Target(parts[i].Plan), "ok", detail));
                }

                if (failed is not null)
                    _audit.Enqueue(transaction, QueryRecords.Failure(caller, failed.Plan, failed.Text(questions)));
                return true;
            },
            cancellationToken);
        computed.ForEach(c => _finder.Remember(c.Answer));
        if (failed is not null)
            throw new EngineFailureException();
        return [.. computed.Select(c => c.Answer)];
    }

    private async Task<(ReleasedAnswer Answer, byte[] Json, RollUpSource? Source)> ComputeAsync(
        QueryPlan plan, Voucher voucher, Tick tick, CancellationToken cancellationToken)
    {
        ReleaseNoise noise = new(plan, _draw);
        Task<List<(BoundedAggregation, IReadOnlyList<object?[]>)>> computing = AggregateAsync(plan, voucher, tick, cancellationToken);
        // What is public is made while the engine works.
        CellSums sums = new(plan);
        NoisyRows.Prepare(plan);
        Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> rows = plan.Derivation?.Prepare(plan, _sums) ?? ((exact, drawn) => NoisyRows.Of(plan, exact, drawn));
        PlanSummary summary = PlanSummaries.Of(plan);
        RollUpSource? source = RollUpSource.Of(plan);
        try
        {
            foreach ((BoundedAggregation statement, IReadOnlyList<object?[]> found) in await computing)
                sums.Add(statement, found);
        }
        catch (Exception)
        {
            // Whatever happened in there could depend on data, the time that it took too: one code, on the clock, and the charge stays.
            throw new EngineFailureException();
        }

        ImmutableArray<AnswerRow> answered = rows(sums, noise);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ReleasedAnswer answer = new(id, tick.AsOf, tick.Number, answered, summary, ProposedBounds.Of(plan, answered));
        return (answer, answer.Write(), source);
    }

    private async Task<List<(BoundedAggregation Statement, IReadOnlyList<object?[]> Rows)>> AggregateAsync(
        QueryPlan plan, Voucher voucher, Tick tick, CancellationToken cancellationToken)
    {
        List<(BoundedAggregation, IReadOnlyList<object?[]>)> computed = [];
        foreach (BoundedAggregation statement in AggregationWriter.Write(plan, tick.VisibleLsn, voucher.Nonce.AsSpan(), _events.Dialect))
            computed.Add((statement, await _events.AggregateAsync(statement.Sql, statement.Parameters, cancellationToken)));
        return computed;
    }
}
