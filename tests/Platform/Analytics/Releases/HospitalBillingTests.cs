using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using ContributionBounds = Opaline.Catalog.ContributionBounds;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

/// <summary>Distinct cases per activity of 10,000 hospital cases: κ = 16, ε = 1, 16 public activities.</summary>
public class HospitalBillingTests
{
    private const int Activities = 16;
    private const double FalseAlarm = 1e-9;
    private const double Alpha = 0.05;

    private static readonly Query Cases = new("hospital_billing", [new Measure(MeasureFunction.DistinctSubjects, null, "cases")])
    {
        GroupBy = [new ExpressionKey("activity")],
        Contribution = new ContributionBounds(Activities, 1),
        Epsilon = 1,
    };

    // Each cell fails by chance once in 1e9 runs, so the test once in 6e7.
    [Fact]
    public async Task Each_activity_lies_within_its_interval_of_the_truth()
    {
        List<(string Case, string Activity, DateTime Time)> rows = Load();
        await using AnalyticsHost host = new();
        Dataset dataset = await ImportAsync(host, rows);
        Dictionary<string, int> truth = Truth(rows);
        Answer answer = await host.AskAsync(Cases);
        long width = Shop.Plan(Cases, dataset).Components[0].Noise.Law.HalfWidth(FalseAlarm);
        Assert.Equal(Activities, answer.Rows.Length);
        Assert.All(answer.Rows, r => Assert.InRange(r.Values[0].Value, truth[r.Keys[0]] - width, truth[r.Keys[0]] + width));
        Assert.False(answer.Plan.Ranked);
        Assert.Equal(16, answer.Plan.Measures[0].Components[0].SquaredL2Sensitivity);

        Answer again = await host.AskAsync(Cases);
        Assert.True(again.Replayed);
        Assert.Equal(answer.Rows.Select(r => r.Values[0]), again.Rows.Select(r => r.Values[0]));
        Assert.Equal(0, again.Cost.NanoRho);
    }

    // Two tests at 1e-9 each.
    [Fact]
    public async Task The_printed_interval_covers_as_often_as_it_says_over_2000_fresh_ledgers()
    {
        Assert.SkipWhen(Engines.OnPostgres, "The noise is our process's own, whatever the engine.");
        const int Runs = 2_000;
        List<(string Case, string Activity, DateTime Time)> rows = Load();
        await using AnalyticsHost host = new();
        Dataset dataset = await ImportAsync(host, rows);
        Dictionary<string, int> truth = Truth(rows);
        if (!LongRuns.Enabled)
            host.Events.Remember();
        ConcurrentBag<Answer> answers = [];
        await Parallel.ForAsync(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (run, cancellationToken) =>
        {
            // A ledger is a tenant's: each run has one of its own.
            Tenant tenant = new(string.Create(CultureInfo.InvariantCulture, $"run-{run}"));
            QueryPlan plan = Shop.Plan(Cases, dataset with { Tenant = tenant });
            Question question = new(plan, PlannedPresentation.Of(plan, null), null);
            answers.Add((await host.Queries.AskAsync(AnalyticsHost.Analyst with { Tenant = tenant }, [question], AskOptions.Default, cancellationToken))[0]);
        });

        Assert.Equal(Runs, answers.Count);
        Assert.All(answers, a => Assert.Equal(a.Cost.NanoRho, a.Cost.Accounts[0].SpentNanoRho));
        IDiscreteNoise law = Shop.Plan(Cases, dataset).Components[0].Noise.Law;
        long margin = (long)answers.First().Plan.Measures[0].Margin95!.Value;
        long[] residuals = [.. answers.SelectMany(a => a.Rows.Select(r => (long)r.Values[0].Value - truth[r.Keys[0]]))];
        Assert.Equal(Runs * Activities, residuals.Length);
        Assert.True(CoverageAccepts(residuals, law, margin));
        Assert.True(ShapeAccepts(residuals, law));
    }

    // The twins draw 128,000 residuals each, enough that the tests above miss a scale that is 5 % off with a chance far below 1e-9.
    [Theory]
    [InlineData(1.05)]
    [InlineData(0.95)]
    // κ forgotten: the noise of κ = 1
    [InlineData(0.25)]
    public void A_planner_with_another_scale_than_it_prints_is_rejected(double factor)
    {
        Dataset dataset = Declared();
        QueryPlan plan = Shop.Plan(Cases, dataset);
        NoiseScale honest = plan.Components[0].Noise;
        DiscreteGaussian twin = new(honest.Parameter * Rational.FromDouble(factor * factor));
        CellSums sums = new(plan);
        Assert.False(Accepts((_, noise) => twin.Fill(noise)));
        Assert.True(Accepts((_, noise) => honest.Law.Fill(noise)));

        bool Accepts(NoiseDraw draw)
        {
            long[] residuals =
                [.. Enumerable.Range(0, 8_000).SelectMany(_ => NoisyRows.Of(plan, sums, new ReleaseNoise(plan, draw)).Select(r => (long)r.Values[0].Value))];
            return CoverageAccepts(residuals, honest.Law, plan.Measures[0].HalfWidth!.Value) && ShapeAccepts(residuals, honest.Law);
        }
    }

    private static bool CoverageAccepts(long[] residuals, IDiscreteNoise law, long margin)
    {
        double exact = 1 - (2 * law.UpperTail(margin + 1));
        Assert.True(exact >= 1 - Alpha);
        return ExactTests.BinomialAccepts(residuals.Count(r => Math.Abs(r) <= margin), residuals.Length, exact, FalseAlarm);
    }

    // χ² over 21 bins of about equal probability, from the exact tails.
    private static bool ShapeAccepts(long[] residuals, IDiscreteNoise law)
    {
        const int Bins = 21;
        List<long> edges = [];
        for (long t = -10_000; edges.Count < Bins - 1; t++)
        {
            if (law.UpperTail(t) <= 1 - ((edges.Count + 1.0) / Bins))
                edges.Add(t);
        }

        double statistic = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            long from = bin == 0 ? long.MinValue : edges[bin - 1];
            long to = bin == Bins - 1 ? long.MaxValue : edges[bin];
            double expected = residuals.Length * ((bin == 0 ? 1 : law.UpperTail(from)) - (bin == Bins - 1 ? 0 : law.UpperTail(to)));
            int observed = residuals.Count(r => r >= from && r < to);
            statistic += (observed - expected) * (observed - expected) / expected;
        }

        return ExactTests.ChiSquareTail(statistic, Bins - 1) > FalseAlarm;
    }

    internal static List<(string Case, string Activity, DateTime Time)> Load() =>
    [
        .. PublicData.Rows("hospital_billing.csv.gz").Select(c => (
            c[0], c[1], DateTime.ParseExact(c[3], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal))),
    ];

    private static Dictionary<string, int> Truth(List<(string Case, string Activity, DateTime Time)> rows) =>
        rows.GroupBy(r => r.Activity).ToDictionary(g => g.Key, g => g.Select(r => r.Case).Distinct().Count());

    private static DatasetDeclaration Declaration(ImmutableArray<string> activities) => new(
        Tenant.Default,
        "hospital_billing",
        "case",
        "UTC",
        PrivacyUnit.Subject,
        new TimeRange(new DateTime(2012, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2017, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
        new ContributionBounds(Activities, 5),
        TimeSpan.FromDays(1),
        [
            new("case_id", FieldType.String, FieldRole.Subject, Datasets.Confirmed, new Treatment(TreatmentKind.Tokenize)),
            new("timestamp", FieldType.Timestamp, FieldRole.Time, Datasets.Confirmed, new Treatment(TreatmentKind.Keep)),
            new("activity", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, new Treatment(TreatmentKind.Keep), activities),
        ]);

    private static Dataset Declared()
    {
        DatasetDeclaration declaration = Declaration([.. Enumerable.Range(0, Activities).Select(i => $"activity {i}")]);
        return new Dataset(
            1,
            declaration.Tenant,
            declaration.Name,
            1,
            declaration.SubjectScope,
            declaration.TimeZone,
            declaration.Unit,
            declaration.PublicRange,
            declaration.Bounds,
            declaration.MaxAge,
            [.. declaration.Fields.Select((f, i) => new Field(i + 1, f.Name, f.Type, f.Role, f.Classification, f.Treatment, f.Domain, f.Measure))],
            []);
    }

    internal static async Task<Dataset> ImportAsync(AnalyticsHost host, List<(string Case, string Activity, DateTime Time)> rows)
    {
        Assert.Equal(49_951, rows.Count);
        Dataset dataset = await host.DeclareAsync(Declaration([.. rows.Select(r => r.Activity).Distinct().Order(StringComparer.Ordinal)]));
        Dictionary<string, long> subjects = [];
        foreach ((string name, _, _) in rows)
            subjects.TryAdd(name, subjects.Count + 1);
        await host.SettleAsync(
            dataset,
            [new FrameColumn(dataset.Find("activity")!.Id, StoredType.Text)],
            [.. rows.Select((r, i) => new ProtectedRow(new Guid(i, 0, 0, new byte[8]), subjects[r.Case], UnixMicros.From(r.Time), [r.Activity], null))]);
        return dataset;
    }
}
