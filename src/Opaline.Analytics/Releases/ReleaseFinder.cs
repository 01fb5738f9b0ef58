using System.Collections.Immutable;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Finds what answers plans at no cost: a release of the identical plan, or one whose numbers add up to the answer.</summary>
internal sealed class ReleaseFinder(IControlStore store, ReleaseMemory memory, SummedNoise sums)
{
    /// <summary>The tenant's releases that a query names.</summary>
    public async Task<EarlierReleases> NamedByAsync(Tenant tenant, Query query, CancellationToken cancellationToken)
    {
        ImmutableArray<string> ids = EarlierReleases.NamedBy(query);
        return ids.IsEmpty
            ? EarlierReleases.None
            : new EarlierReleases(await store.ReadAsync(connection => ReleaseTable.Find(connection, tenant, ids), cancellationToken));
    }

    /// <summary>The plan with its newest release within its age, if there is one.</summary>
    public async Task<JointPlan> FindAsync(JointPlan part, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (await ReleaseTable.FindNewestAsync(store, part.Plan, NotBefore(part.Plan, tick, maxAge), cancellationToken) is not { } place)
            return part;
        if (memory.Find(place.Id) is not { } answer)
        {
            // What is stored once is never changed, so that another snapshot has it too.
            answer = await store.ReadAsync(connection => ReleaseTable.Find(connection, part.Plan.Dataset.Tenant, [place.Id])[place.Id], cancellationToken);
            memory.Add(answer);
        }

        return part with { Release = place.Part is { } found ? answer.Part(found.First, found.Count) : answer };
    }

    /// <summary>What each of the questions is answered by: a release, or a plan, of it alone or of several together, that is yet to be charged.</summary>
    public async Task<ImmutableArray<JointPlan>> ResolveAsync(
        ImmutableArray<Question> questions, Tick tick, AskOptions options, CancellationToken cancellationToken)
    {
        List<JointPlan> parts = [];
        foreach (IGrouping<string, QueryPlan> group in questions.Select(q => q.Plan).DistinctBy(p => p.HashText).GroupBy(p => PlanMerger.Frame(p) ?? p.HashText))
        {
            JointPlan whole = await FoundAsync(new JointPlan([.. group]), tick, options, cancellationToken);
            if (options.Fresh || whole.Release is not null || whole.Questions.Length == 1)
            {
                parts.Add(whole);
                continue;
            }

            JointPlan[] single = await Task.WhenAll(group.Select(p => FoundAsync(new JointPlan([p]), tick, options, cancellationToken)));
            parts.AddRange(single.Where(p => p.Release is not null));
            ImmutableArray<QueryPlan> rest = [.. single.Where(p => p.Release is null).Select(p => p.Plan)];
            if (rest.Length == single.Length)
                parts.Add(whole);
            else if (!rest.IsEmpty)
                parts.Add(await FoundAsync(new JointPlan(rest), tick, options, cancellationToken));
        }

        return [.. parts.Select(p => p.AskedBy(questions))];
    }

    private async Task<JointPlan> FoundAsync(JointPlan part, Tick tick, AskOptions options, CancellationToken cancellationToken)
    {
        if (options.Fresh)
            return part;
        JointPlan found = await FindAsync(part, tick, options.MaxAge, cancellationToken);
        return found.Release is null ? await RolledUpAsync(found, tick, options.MaxAge, cancellationToken) : found;
    }

    // A question of its own only: a release of several is made because one of them is not to be had.
    private async Task<JointPlan> RolledUpAsync(JointPlan part, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (part.Questions.Length > 1 || !RollUp.IsPossible(part.Plan))
            return part;
        DateTime notBefore = NotBefore(part.Plan, tick, maxAge);
        foreach ((string id, RollUpSource source) in await store.ReadAsync(
            connection => ReleaseTable.Sources(connection, part.Plan, notBefore), cancellationToken))
        {
            if (RollUp.Find(part.Plan, source, sums) is not { } rollUp)
                continue;
            ImmutableDictionary<string, ReleasedAnswer> found = await store.ReadAsync(
                connection => ReleaseTable.Find(connection, part.Plan.Dataset.Tenant, [id]), cancellationToken);
            if (found.TryGetValue(id, out ReleasedAnswer? release))
                return part with { Release = rollUp.Of(release), RolledUpFrom = id };
        }

        return part;
    }

    // Age decides, never whether data changed.
    private static DateTime NotBefore(QueryPlan plan, Tick tick, TimeSpan? maxAge)
    {
        TimeSpan age = maxAge ?? plan.Dataset.MaxAge;
        return tick.AsOf - DateTime.UnixEpoch > age ? tick.AsOf - age : DateTime.UnixEpoch;
    }
}
