using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Audits;

/// <summary>
/// The auditor of the library on what planner, engine and release make of neighbouring datasets: no loss above the charged one is found, and a planner with a
/// fault is caught.
/// </summary>
/// <remarks>
/// The exact bounded sums of both are read once, by the plan's own statements; what is drawn again and again is the release. A charge of (ρ, δ) promises
/// (ε(ρ, δ'), δ + δ') for every δ', so it may be put to the test at any of them. At 0.05 some thousand draws see a Gaussian loss best: its own ε there is about
/// seven tenths of what ρ promises, of which 20,000 draws find nine; a sound plan is looked at with 8,000 in the short form, which find a little less. Each bound errs with a chance of at most 1e-6, and a false alarm needs much more than that,
/// as the promise is looser than the truth: all short audits together raise one with less than 2e-5. A fault is missed where the bound falls to what was charged;
/// the least of the margins, see there, is above six standard deviations of the bound, a chance below 1e-8.
/// </remarks>
public class PlanAuditTests(AuditHosts hosts, ITestOutputHelper output) : IClassFixture<AuditHosts>
{
    private const double Delta = 0.05;

    // To catch a fault, and to find none.
    private static readonly (int Training, int Draws) s_faulty = (LongRuns.Times(4_000, 10), LongRuns.Times(20_000, 10));
    private static readonly (int Training, int Draws) s_sound = (LongRuns.Times(2_000, 20), LongRuns.Times(8_000, 25));

    public static TheoryData<string> Names => [.. AuditedQuestion.All.Select(q => q.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_loses_no_more_than_it_charges(string name)
    {
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(hosts.Noisy, Question(name));
        Assert.Equal(name.StartsWith("ordinals", StringComparison.Ordinal), neighbours.Plan.Ordinals is not null);
        // Also at the δ of the plan, at which its ε is told, and between.
        foreach (double delta in LongRuns.Enabled ? (double[])[neighbours.Plan.Delta, 0.005, Delta] : [Delta])
            Assert.False(IsCaught(neighbours, delta, s_sound));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_audited_is_what_the_service_answers(string name)
    {
        AnalyticsHost host = hosts.Silent;
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(host, Question(name));
        Answer answer = await host.AskAsync(neighbours.Queries[0]);
        Assert.Equal(neighbours.Plan.HashText, answer.Plan.PlanHash);
        Assert.Equal(neighbours.Plan.Cost.Value, answer.Cost.NanoRho);
        // Coins are tossed, whatever noise is drawn.
        if (neighbours.Plan.Selection is { Threshold: null })
            return;
        ImmutableArray<AnswerRow> rows = neighbours.Without.Rows(AnalyticsHost.Silence);
        Assert.NotEmpty(rows);
        Assert.Equal(rows.Select(r => string.Join('|', r.Keys)), answer.Rows.Select(r => string.Join('|', r.Keys)));
        // Which groups of a unit are dropped is each release's own secret; how many of them is not.
        if (neighbours.Plan.Nesting.Ranked)
            Assert.Equal(rows.Sum(r => r.Values[0].Value), answer.Rows.Sum(r => r.Values[0].Value));
        else
            Assert.Equal(rows.SelectMany(r => r.Values), answer.Rows.SelectMany(r => r.Values));
    }

    [Fact]
    public async Task A_planner_that_forgets_kappa_is_caught()
    {
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(
            hosts.Noisy, Question("count by a public key"), plan => WithNoise(plan, (_, sensitivity) => new Sensitivity(1, sensitivity.MaxChange)));
        Assert.True(IsCaught(neighbours, Delta, s_faulty));
    }

    // One person alone in 40 cities, each told with a chance of δ/κ: together they are below δ; each with δ they are not.
    [Theory]
    [InlineData(40, false)]
    [InlineData(1, true)]
    public async Task A_threshold_that_forgets_kappa_is_caught(int groups, bool caught)
    {
        AuditedQuestion question = new(
            "cities of one",
            "subject",
            """{"dataset":"shop#","measures":[{"function":"count"}],"group_by":[{"field":"city"}],"contribution":{"groups":40,"rows_per_group":1},"epsilon":0.5,"delta":0.001}""",
            [new AuditedQuestion.Row(1, Shop.From, "buy", "elsewhere", 0)],
            [.. Enumerable.Range(0, 40).Select(i => new AuditedQuestion.Row(0, Shop.From, "buy", string.Create(CultureInfo.InvariantCulture, $"city {i}"), 0))]);
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(hosts.Noisy, question, plan => plan with
        {
            Selection = KeySelection.ByThreshold(plan.Selection!.Component, false, groups, plan.Delta / 2, 1),
        });
        Assert.Equal(caught, IsCaught(neighbours, 1e-6, s_faulty));
    }

    [Fact]
    public async Task A_planner_that_clamps_rows_and_not_the_sum_of_a_unit_is_caught()
    {
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(
            hosts.Noisy, Question("clamped sum"), plan => Components(plan, c => c with { RowsPerGroup = QueryLimits.MaxBound }));
        Assert.True(IsCaught(neighbours, Delta, s_faulty));
    }

    // Two rows in each of four windows, all in one cell: a unit moves it by m·R = 8, not by √m·R = 4.
    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public async Task A_planner_that_takes_the_root_of_m_windows_for_m_is_caught(int divisor, bool caught)
    {
        const int Months = 4;
        AuditedQuestion question = new(
            "ordinals across windows",
            "subject",
            """{"dataset":"shop#","measures":[{"function":"count"}],"from":"2024-01-01","to":"2024-05-01","contribution":{"groups":1,"rows_per_group":2},"epsilon":6}""",
            [new AuditedQuestion.Row(1, Shop.From, "buy", "Wien", 0)],
            [.. Enumerable.Range(0, Months * 3).Select(i => new AuditedQuestion.Row(0, Shop.From.AddMonths(i % Months), "buy", "Wien", 0))]);
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(hosts.Noisy, question, plan =>
        {
            OrdinalTruncation ordinals = new(OrdinalBounds.PerWindow(new OrdinalShape(Months, Months, null, true, 1), plan.RowsPerGroup), null);
            return WithNoise(plan with { Ordinals = ordinals }, (shape, _) =>
            {
                Sensitivity sensitivity = ordinals.SensitivityOf(shape);
                return sensitivity with { SquaredL2 = sensitivity.SquaredL2 / divisor };
            });
        });
        Assert.Equal(caught, IsCaught(neighbours, Delta, s_faulty));
    }

    // Thirty others have two rows a day, of which one counts. One row more at the head of the batch, which two workers share, makes it the other one.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Ranks_that_depend_on_the_batch_are_caught(bool batched, bool caught)
    {
        AuditedQuestion question = new(
            "ordinals of groups",
            "subject_per_week",
            """{"dataset":"shop#","measures":[{"function":"sum","field":"amount"}],"group_by":[{"period":"day"}],"from":"2024-01-01","to":"2024-01-08","contribution":{"groups":3,"rows_per_group":1},"epsilon":6}""",
            [.. Enumerable.Range(2, 60).Select(i => new AuditedQuestion.Row(i / 2, Shop.From, "buy", "Wien", i % 2 == 0 ? -2 : 6))],
            [new AuditedQuestion.Row(0, Shop.From, "buy", "Wien", 6)]);
        AuditedNeighbours neighbours = await AuditedNeighbours.ReadAsync(hosts.Noisy, question, null, batched ? Batched : null);
        Assert.NotNull(neighbours.Plan.Ordinals);
        Assert.Equal(caught, IsCaught(neighbours, Delta, s_faulty));
    }

    // The statement over the same rows, those of a group ranked by their place in the batch.
    private static string Batched(Dataset dataset, string sql)
    {
        string table = $"FROM {EventTable.Name(dataset)} ";
        Assert.Contains(table, sql, StringComparison.Ordinal);
        string ranks = $"row_number() OVER (PARTITION BY {EventTable.Subject}, CAST({EventTable.Time} AS DATE) ORDER BY place % 2, place) AS {EventTable.RowInGroup}";
        string places = $"SELECT *, row_number() OVER (ORDER BY {EventTable.Seq}) AS place {table}";
        return sql.Replace(table, $"FROM (SELECT * EXCLUDE ({EventTable.RowInGroup}), {ranks} FROM ({places}) AS batch) AS ranked ", StringComparison.Ordinal);
    }

    private static QueryPlan Components(QueryPlan plan, Func<Component, Component> change) => plan with
    {
        Measures = [.. plan.Measures.Select(m => m with { Components = [.. m.Components.Select(change)] })],
    };

    // Noise for other sensitivities at the same charge.
    private static QueryPlan WithNoise(QueryPlan plan, Func<ComponentShape, Sensitivity, Sensitivity> of) => Components(plan, c =>
    {
        Sensitivity sensitivity = of(c.Shape, c.Sensitivity);
        return c with { Sensitivity = sensitivity, Scale = NoiseScale.For(NoiseMechanism.DiscreteGaussian, GaussianScale.For(sensitivity.SquaredL2, c.Cost)) };
    });

    private static AuditedQuestion Question(string name) => AuditedQuestion.All.Single(q => q.Name == name);

    // Whether more is found than was charged, at a δ beyond that of key selection; of Laplace noise at none, as it needs none.
    private bool IsCaught(AuditedNeighbours neighbours, double delta, (int Training, int Draws) runs)
    {
        long started = Stopwatch.GetTimestamp();
        AuditResult result = neighbours.Audit(neighbours.Plan.Mechanism == NoiseMechanism.DiscreteLaplace ? 0 : delta, runs.Training, runs.Draws);
        double charged = neighbours.Charged(delta);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"charged {charged:F3} at {result.Delta}, found {result.Epsilon:F3}: {result.HitsOfFirst} and {result.HitsOfSecond} of {result.Runs}, {result.Event} ({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)"));
        return result.Epsilon > charged;
    }
}
