using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Counters of the running period that cost once per period, however often and by whomever they are looked at: continual counting by the binary tree over
/// public steps. After step t a unit has counted with min(its visible rows, L); what it adds over all steps is at most L, so that it changes the blocks of one
/// level by at most L together: Δ1 = L·levels, Δ2² ≤ L²·levels. The noisy sums of blocks are releases, each drawn once and stored before it is told; neither
/// noise nor exact sums are kept.
/// </summary>
public sealed class LiveCounters
{
    private static readonly byte[] Version = "opaline-live/1"u8.ToArray();

    private readonly QueryPlanner _planner;
    private readonly Ledger _ledger;
    private readonly IControlStore _store;
    private readonly IEventStore _events;
    private readonly PublicClock _clock;
    private readonly AuditLog _audit;
    private readonly ReleaseClock _releases;
    private readonly SingleFlight _flights;
    private readonly NoiseDraw _draw;

    internal LiveCounters(
        QueryPlanner planner,
        Ledger ledger,
        IControlStore store,
        IEventStore events,
        PublicClock clock,
        AuditLog audit,
        ReleaseClock releases,
        SingleFlight flights,
        NoiseDraw draw)
    {
        _planner = planner;
        _ledger = ledger;
        _store = store;
        _events = events;
        _clock = clock;
        _audit = audit;
        _releases = releases;
        _flights = flights;
        _draw = draw;
    }

    /// <summary>Looks at the counter of a metric for the period that is running. The first look of the period is charged.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="metric">A metric that counts rows, without keys.</param>
    /// <param name="period">The period; its range replaces the metric's.</param>
    /// <param name="maySpend">Whether the caller may be charged for the first look.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    /// <returns>Null if nobody has paid for the period yet and the caller may not.</returns>
    /// <exception cref="QueryRefusedException">The metric cannot be planned, or does not count rows.</exception>
    /// <exception cref="BudgetExhaustedException">An account is short.</exception>
    /// <exception cref="EngineFailureException">The event store failed; asked again it completes at no cost.</exception>
    public async Task<LiveAnswer?> LookAsync(Caller caller, MetricQuery metric, Period period, bool maySpend, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(metric);
        Tick tick = await _clock.WaitForAsync(1, cancellationToken);
        try
        {
            (QueryPlan counter, LivePeriod running, BinaryTreeCounting tree) = Plan(caller, metric.Query, period, tick);
            return await LookAsync(caller, metric.Name, counter, running, tree, tick, maySpend, cancellationToken);
        }
        catch (Exception refusal) when (refusal is QueryRefusedException or BudgetExhaustedException or EngineFailureException)
        {
            string code = refusal switch
            {
                QueryRefusedException refused => refused.Code,
                BudgetExhaustedException => BudgetExhaustedException.Code,
                _ => EngineFailureException.Code,
            };
            await _audit.WriteAsync(QueryRecords.Refusal(caller, AuditActions.DataAccess, metric.Query, code), cancellationToken);
            throw;
        }
    }

    private (QueryPlan Counter, LivePeriod Period, BinaryTreeCounting Tree) Plan(Caller caller, Query query, Period period, Tick tick)
    {
        if (query.Source is not DatasetSource || query.GroupBy.Length > 0 || query.Measures is not [{ Function: MeasureFunction.Count }] || query.Mechanism == NoiseMechanism.DiscreteLaplace)
            throw new QueryRefusedException(RefusalCodes.InvalidMetric, "A live counter counts the rows of a dataset, without keys and with the discrete Gaussian: name such a metric.", "metric");
        ZoneCalendar calendar = RangePlanner.Calendar(query.TimeZone ?? _planner.Zone(caller.Tenant, query.Dataset), "tz");
        LivePeriod running = LivePeriod.At(period, calendar, tick.AsOf);
        QueryPlan plan = _planner.PlanOpen(
            caller.Tenant, query with { From = RangeEdge.At(running.From), To = RangeEdge.At(running.To), RangeOrigin = RangeOrigin.Request });
        BinaryTreeCounting tree = BinaryTreeCounting.For(running.Steps, plan.Components[0].Sensitivity.L1, plan.Cost);
        return (plan with { Hash = Identity(plan, running) }, running, tree);
    }

    private static ImmutableArray<byte> Identity(QueryPlan plan, LivePeriod period)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(length, period.StepLength.Ticks);
        return [.. SHA256.HashData([.. Version, .. plan.Hash, .. length])];
    }

    private async Task<LiveAnswer?> LookAsync(
        Caller caller, string metric, QueryPlan counter, LivePeriod period, BinaryTreeCounting tree, Tick tick, bool maySpend, CancellationToken cancellationToken)
    {
        using Flight flight = await _flights.EnterAsync([counter.HashText], cancellationToken);
        bool isOpen = await _store.ReadAsync(connection => LiveTable.IsOpen(connection, counter), cancellationToken);
        if (!isOpen && !maySpend)
        {
            await _audit.WriteAsync(QueryRecords.Live(caller, counter, "no_release"), cancellationToken);
            return null;
        }

        bool charged = !isOpen && await _ledger.ChargeOnceAsync(
            caller,
            counter,
            tick.AsOf,
            connection => LiveTable.IsOpen(connection, counter),
            (transaction, voucher) => LiveTable.Open(transaction, counter, voucher),
            cancellationToken);
        LiveStep now = new(period.StepAt(tick.AsOf), tick.VisibleLsn, tick.AsOf);
        LiveStep? seen = await _store.ReadAsync(connection => LiveTable.Step(connection, counter, int.MaxValue), cancellationToken);
        LiveStep step = seen is { } last && last.Number >= now.Number
            ? last
            : await _store.WriteAsync(transaction => LiveTable.Record(transaction, counter, now), cancellationToken);
        await CompleteAsync(counter, tree, step, flight.Limit, cancellationToken);
        BigInteger rows = await _store.ReadAsync(
            connection => LiveTree.Of(step.Number).Aggregate(BigInteger.Zero, (sum, node) => sum + LiveTable.Node(connection, counter, node)!.Value), cancellationToken);
        ImmutableArray<AccountBalance> balances = await _ledger.BalancesAsync(caller, counter, tick.AsOf, cancellationToken);
        await _audit.WriteAsync(QueryRecords.Live(caller, counter, "ok"), cancellationToken);
        AnswerValue value = AnswerValue.Around((decimal)rows, tree.MarginOfError(step.Number, MeasurePrecision.Confidence));
        AnswerCost cost = charged ? AnswerCost.Of(counter, balances) : AnswerCost.Free(counter.Delta, balances);
        return new LiveAnswer(metric, PlanSummaries.Of(counter), step.AsOf, step.Number, period.Steps, value, cost);
    }

    // Draws the blocks of the step that were not told yet, and stores them when the clock lets them be seen.
    private async Task CompleteAsync(QueryPlan counter, BinaryTreeCounting tree, LiveStep step, CancellationToken limit, CancellationToken cancellationToken)
    {
        ImmutableArray<(LiveNode Node, long? Before, long? Through)> missing = await _store.ReadAsync<ImmutableArray<(LiveNode, long?, long?)>>(
            connection =>
            [
                .. LiveTree.Of(step.Number).Where(node => LiveTable.Node(connection, counter, node) is null).Select(node => (
                    node, LiveTable.Step(connection, counter, node.From)?.VisibleLsn, LiveTable.Step(connection, counter, node.To)?.VisibleLsn)),
            ],
            cancellationToken);
        if (missing.IsEmpty)
            return;
        NoiseScale scale = NoiseScale.For(NoiseMechanism.DiscreteGaussian, tree.SigmaSquared)
            ?? throw new QueryRefusedException(RefusalCodes.InvalidEpsilon, "With so small a loss the noise would drown the counter: give a larger epsilon.", "epsilon");
        long[] noise = new long[missing.Length];
        _draw(scale, noise);
        long[] noisy = new long[missing.Length];
        try
        {
            for (int i = 0; i < noisy.Length; i++)
                noisy[i] = noise[i] + (long)(await CountAsync(counter, missing[i].Through, limit) - await CountAsync(counter, missing[i].Before, limit));
        }
        catch (Exception)
        {
            // Whatever happened in there could depend on data.
            cancellationToken.ThrowIfCancellationRequested();
            await _releases.WaitAsync(counter, cancellationToken);
            throw new EngineFailureException();
        }

        await _releases.WaitAsync(counter, cancellationToken);
        await _store.WriteAsync(
            transaction =>
            {
                for (int i = 0; i < noisy.Length; i++)
                    LiveTable.Add(transaction, counter, missing[i].Node, noisy[i]);
                return true;
            },
            cancellationToken);
    }

    // C: the bounded number of rows that were visible then; nothing was before the first recorded step. One cell: no group of a unit is dropped, so that no
    // secret decides which.
    private async Task<BigInteger> CountAsync(QueryPlan counter, long? visibleLsn, CancellationToken cancellationToken) =>
        visibleLsn is { } lsn ? (await CellSums.ReadAsync(_events, counter, lsn, [], cancellationToken))[0, 0][0] : BigInteger.Zero;
}
