using System.Collections.Immutable;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Finds what answers plans at no cost: a release of the identical plan, or one whose numbers add up to the answer.</summary>
internal sealed class ReleaseFinder(IControlStore store, SummedNoise sums)
{
    private readonly ReleaseMemory _memory = new();

    /// <summary>The newest release of the plan within its age, or null.</summary>
    public async Task<ReleasedAnswer?> FindAsync(QueryPlan plan, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (await ReleaseTable.FindNewestAsync(store, plan, NotBefore(plan, tick, maxAge), cancellationToken) is not { } place)
            return null;
        if (_memory.Find(place.Id) is not { } answer)
        {
            // What is stored once is never changed, so that another snapshot has it too.
            answer = await store.ReadAsync(connection => ReleaseTable.Find(connection, plan.Dataset.Tenant, [place.Id])[place.Id], cancellationToken);
            _memory.Add(answer);
        }

        return place.Part is { } part ? answer.Part(part.First, part.Count) : answer;
    }

    /// <summary>Takes note of a release that has just been stored.</summary>
    public void Remember(ReleasedAnswer answer) => _memory.Add(answer);

    /// <summary>What each of the plans is answered by: a release, or a plan, of it alone or of several together, that is yet to be charged.</summary>
    public async Task<List<JointPlan>> ResolveAsync(
        IEnumerable<QueryPlan> plans, Tick tick, AskOptions options, CancellationToken cancellationToken)
    {
        List<JointPlan> parts = [];
        foreach (IGrouping<string, QueryPlan> group in plans.DistinctBy(p => p.HashText).GroupBy(p => PlanMerger.Frame(p) ?? p.HashText))
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

        return parts;
    }

    private async Task<JointPlan> FoundAsync(JointPlan parts, Tick tick, AskOptions options, CancellationToken cancellationToken)
    {
        if (options.Fresh)
            return parts;
        return await FindAsync(parts.Plan, tick, options.MaxAge, cancellationToken) is { } release
            ? parts with { Release = release }
            : await RolledUpAsync(parts, tick, options.MaxAge, cancellationToken);
    }

    // A question of its own only: a release of several is made because one of them is not to be had.
    private async Task<JointPlan> RolledUpAsync(JointPlan parts, Tick tick, TimeSpan? maxAge, CancellationToken cancellationToken)
    {
        if (parts.Questions.Length > 1 || !RollUp.IsPossible(parts.Plan))
            return parts;
        DateTime notBefore = NotBefore(parts.Plan, tick, maxAge);
        foreach ((string id, RollUpSource source) in await store.ReadAsync(
            connection => ReleaseTable.Sources(connection, parts.Plan, notBefore), cancellationToken))
        {
            if (RollUp.Find(parts.Plan, source, sums) is not { } rollUp)
                continue;
            ImmutableDictionary<string, ReleasedAnswer> found = await store.ReadAsync(
                connection => ReleaseTable.Find(connection, parts.Plan.Dataset.Tenant, [id]), cancellationToken);
            if (found.TryGetValue(id, out ReleasedAnswer? release))
                return parts with { Release = rollUp.Of(release), RolledUpFrom = id };
        }

        return parts;
    }

    // Age decides, never whether data changed.
    private static DateTime NotBefore(QueryPlan plan, Tick tick, TimeSpan? maxAge)
    {
        TimeSpan age = maxAge ?? plan.Dataset.MaxAge;
        return tick.AsOf - DateTime.UnixEpoch > age ? tick.AsOf - age : DateTime.UnixEpoch;
    }
}
