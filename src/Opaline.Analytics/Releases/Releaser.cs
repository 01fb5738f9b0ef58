using System.Collections.Immutable;
using System.Security.Cryptography;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>From priced plans to stored releases: charges, reads bounded sums, adds noise, and stores the answers with their records when the clock lets them leave.</summary>
internal sealed class Releaser(
    Ledger ledger, IControlStore store, IEventStore events, AuditLog audit, TimeProvider time, ReleaseClock clock, NoiseDraw draw, SummedNoise sums, ReleaseMemory memory)
{
    /// <summary>The plans with the vouchers under which they may be released; all are charged or none.</summary>
    /// <exception cref="BudgetExhaustedException">An account is short; it is on record.</exception>
    public async Task<ImmutableArray<JointPlan>> ChargeAsync(Caller caller, ImmutableArray<JointPlan> parts, Tick tick, CancellationToken cancellationToken)
    {
        if (parts.IsEmpty)
            return parts;
        try
        {
            ImmutableArray<Voucher> vouchers = await ledger.ChargeAsync(caller, [.. parts.Select(p => p.Plan)], tick.AsOf, cancellationToken);
            return [.. parts.Zip(vouchers, (part, voucher) => part with { Voucher = voucher })];
        }
        catch (BudgetExhaustedException)
        {
            foreach (JointPlan part in parts)
                await audit.WriteAsync(QueryRecords.Planned(caller, AuditActions.DataAccess, part, BudgetExhaustedException.Code), cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// The plans with their releases. Nothing tells that an answer is there before the clock lets it leave: neither a dry run, nor whoever may read it, nor the
    /// time of its record.
    /// </summary>
    /// <param name="caller">Who asked.</param>
    /// <param name="parts">Plans with their vouchers.</param>
    /// <param name="tick">What is visible.</param>
    /// <param name="fresh">Whether the caller asks for new releases only.</param>
    /// <param name="limit">Ends when the engine's time runs out.</param>
    /// <param name="cancellationToken">Ends the call; the charge stays.</param>
    /// <exception cref="EngineFailureException">The engine failed; it is on record.</exception>
    public async Task<ImmutableArray<JointPlan>> ReleaseAsync(
        Caller caller, ImmutableArray<JointPlan> parts, Tick tick, bool fresh, CancellationToken limit, CancellationToken cancellationToken)
    {
        if (parts.IsEmpty)
            return parts;
        List<Computed> computed = [];
        JointPlan? failed = null;
        foreach (JointPlan part in parts)
        {
            try
            {
                computed.Add(await ComputeAsync(part, tick, limit));
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
        QueryPlan slowest = (parts.FirstOrDefault(p => p.Plan.Selection is not null) ?? parts[0]).Plan;
        await clock.WaitAsync(slowest, cancellationToken);
        int stored = await store.WriteAsync(transaction => Store(transaction, caller, computed, failed), cancellationToken);
        foreach (Computed made in computed.Take(stored))
            memory.Add(made.Part.Release!);
        return stored == parts.Length ? [.. computed.Select(c => c.Part)] : throw new EngineFailureException();
    }

    // How many could be stored: a voucher may have been used meanwhile by a call whose questions together were the same plan; asked again, this one finds that release.
    private int Store(ControlTransaction transaction, Caller caller, List<Computed> computed, JointPlan? failed)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        int stored = 0;
        foreach (Computed made in computed)
        {
            if (!Ledger.Release(transaction, made.Part.Voucher!))
            {
                failed = made.Part;
                break;
            }

            ReleaseTable.Add(transaction, made.Part, made.Json, made.Source, now);
            audit.Enqueue(transaction, QueryRecords.Release(caller, made.Part, made.Json));
            stored++;
        }

        if (failed is not null)
            audit.Enqueue(transaction, QueryRecords.Planned(caller, AuditActions.DataAccess, failed, EngineFailureException.Code));
        return stored;
    }

    private async Task<Computed> ComputeAsync(JointPlan part, Tick tick, CancellationToken limit)
    {
        QueryPlan plan = part.Plan;
        ReleaseNoise noise = new(plan, draw);
        Task<CellSums> reading = CellSums.ReadAsync(events, plan, tick.VisibleLsn, part.Voucher!.Nonce, limit);
        // What is public is made while the engine works.
        NoisyRows.Prepare(plan);
        Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> rows = plan.Derivation?.Prepare(plan, sums) ?? ((exact, drawn) => NoisyRows.Of(plan, exact, drawn));
        PlanSummary summary = PlanSummaries.Of(plan);
        RollUpSource? source = RollUpSource.Of(plan);
        CellSums cells;
        try
        {
            cells = await reading;
        }
        catch (Exception)
        {
            // Whatever happened in there could depend on data, the time that it took too: one code, on the clock, and the charge stays.
            throw new EngineFailureException();
        }

        ImmutableArray<AnswerRow> answered = rows(cells, noise);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        ReleasedAnswer release = new(id, tick.AsOf, tick.Number, answered, summary, ProposedBounds.Of(plan, answered));
        return new Computed(part with { Release = release }, release.Write(), source);
    }

    private sealed record Computed(JointPlan Part, byte[] Json, RollUpSource? Source);
}
