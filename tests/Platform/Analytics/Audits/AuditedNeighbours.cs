using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;

namespace Opaline.Platform.Tests.Analytics.Audits;

/// <summary>
/// A question on two neighbouring datasets up to the point where noise is drawn: planned, and its exact bounded sums read from the engine, by what plans and
/// reads for answers.
/// </summary>
internal sealed class AuditedNeighbours
{
    // Everything is over by then.
    private static readonly DateTime Sealing = new(2025, 3, 3, 0, 0, 0, DateTimeKind.Utc);

    private AuditedNeighbours(AuditedRelease without, AuditedRelease with) => (Without, With) = (without, with);

    /// <summary>Without the one unit.</summary>
    public AuditedRelease Without { get; }

    /// <summary>With it.</summary>
    public AuditedRelease With { get; }

    /// <summary>What was planned before any fault.</summary>
    public required QueryPlan Plan { get; init; }

    /// <summary>The question about either.</summary>
    public required ImmutableArray<Query> Queries { get; init; }

    /// <summary>Settles both datasets, seals them, and reads.</summary>
    /// <param name="host">Where; it may have the datasets of other questions.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="fault">What is wrong with the plan; null for nothing.</param>
    /// <param name="sql">What is wrong with its statements, by the dataset; null for nothing.</param>
    public static async Task<AuditedNeighbours> ReadAsync(
        AnalyticsHost host, AuditedQuestion question, Func<QueryPlan, QueryPlan>? fault = null, Func<Dataset, string, string>? sql = null)
    {
        int number = host.Catalog.All.Count;
        Query[] queries = [.. ((string[])["_without", "_with"]).Select(side => Ask(question, $"_{number}{side}"))];
        await SettleAsync(host, question, question.Others, $"_{number}_without");
        // The one comes first, so that a rank that looks at others is moved for all of them.
        long lsn = await SettleAsync(host, question, [.. question.Added, .. question.Others], $"_{number}_with");
        (QueryPlan plan, AuditedRelease without) = await ReleaseAsync(queries[0]);
        (_, AuditedRelease with) = await ReleaseAsync(queries[1]);
        return new AuditedNeighbours(without, with) { Plan = plan, Queries = [.. queries] };

        async Task<(QueryPlan Plan, AuditedRelease Release)> ReleaseAsync(Query query)
        {
            QueryPlan plan = Shop.Plan(
                query,
                (name, path) => QueryPlanner.Find(host.Catalog, Tenant.Default, name, path),
                TruncationWindow.SealedThrough(host.Catalog.Find(Tenant.Default, query.Dataset)!, Sealing));
            QueryPlan faulty = fault?.Invoke(plan) ?? plan;
            CellSums sums = new(faulty);
            foreach (BoundedAggregation statement in AggregationWriter.Write(faulty, lsn, new byte[16], host.Events.Dialect))
                sums.Add(statement, await host.Events.AggregateAsync(sql?.Invoke(plan.Dataset, statement.Sql) ?? statement.Sql, statement.Parameters, CancellationToken.None));
            return (plan, new AuditedRelease(faulty, sums));
        }
    }

    /// <summary>Audits what is released of the two at a δ.</summary>
    /// <param name="delta">Beyond that of key selection.</param>
    /// <param name="training">Runs from which events are learned, and chosen.</param>
    /// <param name="runs">Draws from either dataset.</param>
    public AuditResult Audit(double delta, int training, int runs)
    {
        ImmutableArray<string> cells = [.. Without.Cells().Union(With.Cells()).Order(StringComparer.Ordinal)];
        int columns = With.Columns;
        AuditOptions options = new(cells.Length * columns)
        {
            TrainingRuns = training,
            FinalRuns = runs,
            Delta = delta + (Plan.Selection?.Delta.Delta.ToDoubleUp() ?? 0),
        };
        return PrivacyAudit.LowerBound<AuditedRelease>(
            (release, outputs) =>
            {
                for (int at = 0; at < outputs.Length; at += options.Width)
                    release.Draw(cells, outputs.Slice(at, options.Width));
            },
            With,
            Without,
            options,
            TestContext.Current.CancellationToken);
    }

    /// <summary>The ε that was charged, at a δ beyond that of key selection: by the ρ that every account pays, or ε itself where noise is Laplace.</summary>
    public double Charged(double delta) => Plan.Mechanism == NoiseMechanism.DiscreteLaplace ? Plan.Epsilon : Zcdp.EpsilonFor(Plan.Cost, delta);

    private static Query Ask(AuditedQuestion question, string side) => QueryJson.Parse(question.Query.Replace("#", side, StringComparison.Ordinal));

    private static async Task<long> SettleAsync(AnalyticsHost host, AuditedQuestion question, IReadOnlyList<AuditedQuestion.Row> rows, string side)
    {
        PrivacyUnit unit = Enum.GetValues<PrivacyUnit>().Single(u => JsonNamingPolicy.SnakeCaseLower.ConvertName(u.ToString()) == question.Unit);
        long lsn = 0;
        foreach (IGrouping<string, AuditedQuestion.Row> group in rows.GroupBy(r => r.Dataset))
        {
            Dataset dataset = await host.DeclareAsync(Shop.Declaration(unit, name: group.Key + side));
            lsn = await host.SettleAsync(dataset, [.. group.Select(r => Shop.Row(r.Person, r.Time, r.Action, r.City, r.Amount))]);
            await host.Events.SealAsync(dataset, Sealing, lsn, CancellationToken.None);
        }

        return lsn;
    }
}
