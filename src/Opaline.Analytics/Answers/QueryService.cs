using System.Collections.Immutable;
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
    private readonly PublicClock _clock;
    private readonly AuditLog _audit;
    private readonly ReleaseClock _releases;
    private readonly SingleFlight _flights;
    private readonly ReleaseFinder _finder;
    private readonly Releaser _releaser;
    private readonly SummedNoise _sums;

    internal QueryService(
        QueryPlanner planner,
        Ledger ledger,
        PublicClock clock,
        AuditLog audit,
        ReleaseClock releases,
        SingleFlight flights,
        ReleaseFinder finder,
        Releaser releaser,
        SummedNoise sums)
    {
        _planner = planner;
        _ledger = ledger;
        _clock = clock;
        _audit = audit;
        _releases = releases;
        _flights = flights;
        _finder = finder;
        _releaser = releaser;
        _sums = sums;
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
        await _audit.WriteAsync(QueryRecords.Refusal(caller, dryRun ? AuditActions.DryRun : AuditActions.DataAccess, refusal), cancellationToken);
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
        Question question = await PlanAsync(caller, query, AuditActions.DataAccess, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        JointPlan part = await _finder.FindAsync(new JointPlan(question), tick, maxAge, cancellationToken);
        if (part.Release is null)
        {
            await _audit.WriteAsync(QueryRecords.Planned(caller, AuditActions.DataAccess, part, "no_release"), cancellationToken);
            return null;
        }

        await _audit.WriteAsync(QueryRecords.Replay(caller, part), cancellationToken);
        Answer answer = part.Answer(question.Plan, await _ledger.BalancesAsync(caller, part.Plan, tick.AsOf, cancellationToken));
        return question.Presentation.Show(answer, _sums, cancellationToken);
    }

    /// <summary>Answers questions, in their order.</summary>
    internal async Task<ImmutableArray<Answer>> AskAsync(
        Caller caller, ImmutableArray<Question> questions, AskOptions options, CancellationToken cancellationToken)
    {
        using Flight flight = await EnterAsync(caller, questions, cancellationToken);
        Tick tick = await TickAsync(cancellationToken);
        ImmutableArray<JointPlan> parts = await _finder.ResolveAsync(questions, tick, options, cancellationToken);
        ImmutableArray<JointPlan> found = [.. parts.Where(p => p.Release is not null)];
        ImmutableArray<JointPlan> charged = await _releaser.ChargeAsync(caller, [.. parts.Where(p => p.Release is null)], tick, cancellationToken);
        Task<ImmutableArray<JointPlan>> releasing = ReleaseAndRecordAsync();
        // Read while the engine works, or a record is on its way to the disk.
        Task<ImmutableArray<AccountBalance>[]> reading = Task.WhenAll(found.Concat(charged).Select(p => _ledger.BalancesAsync(caller, p.Plan, tick.AsOf, cancellationToken)));
        await Task.WhenAll(releasing, reading);
        Dictionary<string, Answer> answers = new(StringComparer.Ordinal);
        foreach ((JointPlan part, ImmutableArray<AccountBalance> balances) in found.Concat(await releasing).Zip(await reading))
        {
            foreach (QueryPlan question in part.Questions)
                answers.Add(question.HashText, part.Answer(question, balances));
        }

        // Asked twice in one batch it is paid once.
        HashSet<string> told = new(StringComparer.Ordinal);
        return
        [
            .. questions.Select(q => q.Presentation.Show(
                told.Add(q.Plan.HashText) ? answers[q.Plan.HashText] : answers[q.Plan.HashText].AsReplay(), _sums, cancellationToken)),
        ];

        async Task<ImmutableArray<JointPlan>> ReleaseAndRecordAsync()
        {
            ImmutableArray<JointPlan> released = await _releaser.ReleaseAsync(caller, charged, tick, options.Fresh, flight.Limit, cancellationToken);
            await Task.WhenAll(found.Select(p => _audit.WriteAsync(QueryRecords.Replay(caller, p), cancellationToken)));
            return released;
        }
    }

    private async Task<Flight> EnterAsync(Caller caller, ImmutableArray<Question> questions, CancellationToken cancellationToken)
    {
        try
        {
            return await _flights.EnterAsync(questions.Select(q => q.Plan.HashText), cancellationToken);
        }
        catch (EngineFailureException)
        {
            foreach (Question question in questions)
                await _audit.WriteAsync(QueryRecords.Planned(caller, AuditActions.DataAccess, new JointPlan(question), EngineFailureException.Code), cancellationToken);
            await _releases.WaitAsync(questions[0].Plan, cancellationToken);
            throw;
        }
    }

    private async Task<ImmutableArray<QueryPlanView>> ViewAsync(Caller caller, ImmutableArray<Question> questions, CancellationToken cancellationToken)
    {
        Tick tick = await TickAsync(cancellationToken);
        ImmutableArray<JointPlan> parts = await _finder.ResolveAsync(questions, tick, AskOptions.Default, cancellationToken);
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

            await _audit.WriteAsync(QueryRecords.Planned(caller, AuditActions.DryRun, part, "ok"), cancellationToken);
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
            EarlierReleases earlier = await _finder.NamedByAsync(caller.Tenant, query, cancellationToken);
            QueryPlan plan = await _planner.PlanAsync(caller.Tenant, query, earlier, cancellationToken);
            return new Question(plan, PlannedPresentation.Of(plan, query.Presentation), query.Text);
        }
        catch (QueryRefusedException refusal)
        {
            await _audit.WriteAsync(QueryRecords.Refusal(caller, action, query, refusal.Code), cancellationToken);
            throw;
        }
    }

    // Before the first tick nothing is visible, and no age can be told.
    private Task<Tick> TickAsync(CancellationToken cancellationToken) => _clock.WaitForAsync(1, cancellationToken);
}
