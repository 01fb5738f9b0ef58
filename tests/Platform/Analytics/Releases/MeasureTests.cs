using System.Collections.Immutable;
using System.Numerics;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

/// <summary>What every measure answers: exactly the truth without noise, and within its margins with it.</summary>
public class MeasureTests
{
    private const int Trials = 1_000;

    private static readonly Measure Median = new(MeasureFunction.Quantiles, "qty") { Points = [0.01m, 0.5m, 0.99m] };

    [Fact]
    public async Task Without_noise_measures_are_the_truth()
    {
        // Every whole number from 0 to 100 once, each by another person.
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, [.. Enumerable.Range(0, 101).Select(i => (i, i, i % 7))]);
        Answer answer = await AskAsync(
            host,
            new Measure(MeasureFunction.Variance, "qty"),
            new Measure(MeasureFunction.StandardDeviation, "qty"),
            Median,
            new Measure(MeasureFunction.Histogram, "qty") { Points = [10m, 25m, 100m] },
            new Measure(MeasureFunction.DistinctValues, "email"),
            new Measure(MeasureFunction.DistinctValues, "qty"));
        Dictionary<string, AnswerValue> values = Columns(answer);
        // (n² − 1)/12 for n equally spaced values
        Assert.Equal(850m, values["variance_qty"].Value, 6);
        Assert.Equal(Math.Sqrt(850), (double)values["standard_deviation_qty"].Value, 6);
        Assert.Equal([1m, 50m, 99m], ((string[])["0.01", "0.5", "0.99"]).Select(r => values[$"quantiles_qty:{r}"].Value));
        Assert.Equal([10m, 15m, 75m, 1m], ((string[])["[0, 10)", "[10, 25)", "[25, 100)", "[100, 100]"]).Select(b => values[$"histogram_qty:{b}"].Value));
        Assert.Equal(7, values["distinct_values_email"].Value);
        Assert.Equal(101, values["distinct_values_qty"].Value);
        Assert.All(answer.Rows[0].Values, v => Assert.True(v.Low <= v.Value && v.Value <= v.High));
    }

    [Fact]
    public async Task A_value_that_several_people_have_counts_once_and_a_person_brings_at_most_L()
    {
        (int, int, int)[] rows = [.. Enumerable.Range(0, 40).Select(i => (i % 2, 0, i))];
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, [.. rows, (7, 0, 0), (8, 0, 0)]);
        Query query = new("shop", [new Measure(MeasureFunction.DistinctValues, "email")]) { Contribution = new ContributionBounds(1, 3) };
        Answer answer = await host.AskAsync(query);
        // Two people have twenty values each, of which three count; two others have one of them, which may be among the six.
        Assert.InRange(answer.Rows[0].Values[0].Value, 6, 7);
    }

    [Fact]
    public void A_tokenized_value_is_counted_and_nothing_else()
    {
        Assert.Equal(ValueKind.Token, Shop.Plan(new Query("shop", [new Measure(MeasureFunction.DistinctValues, "email")])).Components[0].Shape.Value!.Kind);
        Query[] refused =
        [
            new("shop", [new Measure(MeasureFunction.Count, "email")]),
            new("shop", [new Measure(MeasureFunction.DistinctValues, "user")]),
            new("shop", [new Measure(MeasureFunction.DistinctValues, "secret")]),
            new("shop", [new Measure(MeasureFunction.DistinctValues, "note")]),
            new("shop", [new Measure(MeasureFunction.DistinctValues, Expression.Of(Operation.Coalesce, Expression.Field("email"), Expression.Field("city")))]),
        ];
        Assert.All(refused, q => Assert.Equal(RefusalCodes.FieldNotAllowed, Assert.Throws<QueryRefusedException>(() => Shop.Plan(q)).Code));
    }

    [Fact]
    public void Ranks_and_edges_that_say_nothing_are_refused()
    {
        foreach (ImmutableArray<decimal> ranks in (ImmutableArray<decimal>[])[[], [0m], [1m], [0.5m, 0.5m], [0.9m, 0.1m]])
            Assert.Throws<QueryRefusedException>(() => Shop.Plan(new Query("shop", [Median with { Points = ranks }])));
        foreach (ImmutableArray<decimal> edges in (ImmutableArray<decimal>[])[[], [0m], [101m], [0.5m], [20m, 10m]])
            Assert.Throws<QueryRefusedException>(() => Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Histogram, "qty") { Points = edges }])));
    }

    [Fact]
    public void Cells_times_bins_keep_to_the_cap()
    {
        Query hours = new("shop", [new Measure(MeasureFunction.Histogram, "qty") { Points = [.. Enumerable.Range(1, 99).Select(i => (decimal)i)] }])
        {
            GroupBy = [new PeriodKey(Period.Day)],
        };
        Assert.Equal(RefusalCodes.TooManyCells, Assert.Throws<QueryRefusedException>(() => Shop.Plan(hours)).Code);
        foreach (Period period in (Period[])[Period.Day, Period.Week, Period.Month])
        {
            QueryPlan plan = Shop.Plan(new Query("shop", [Median]) { GroupBy = [new PeriodKey(period)] });
            Assert.InRange(plan.Cells!.Value * plan.Components[0].Shape.Numbers, 1, QueryLimits.MaxCells);
        }

        QueryPlan keys = Shop.Plan(new Query("shop", [Median]) { GroupBy = [new ExpressionKey("city")] });
        Assert.InRange(keys.NoisyCells * keys.Components[0].Shape.Numbers, 1, QueryLimits.MaxCells);
    }

    // Of 1,000 intervals that hold with at least 95 % each, so many fail that a false alarm has a chance below 1e-9.
    [Theory]
    [InlineData(MeasureFunction.Variance)]
    [InlineData(MeasureFunction.StandardDeviation)]
    [InlineData(MeasureFunction.Quantiles)]
    [InlineData(MeasureFunction.Histogram)]
    [InlineData(MeasureFunction.DistinctValues)]
    [InlineData(MeasureFunction.Mean)]
    public void Intervals_cover_the_truth_at_their_rate_and_those_of_too_little_noise_do_not(MeasureFunction function)
    {
        Measure measure = new(function, "qty") { Points = function == MeasureFunction.Quantiles ? [0.3m] : function == MeasureFunction.Histogram ? [40m] : [] };
        PlannedMeasure planned = Shop.Plan(new Query("shop", [measure])).Measures[0];
        Assert.True(Accepts(planned, 1));
        Assert.False(Accepts(planned, 8));
    }

    private static bool Accepts(PlannedMeasure measure, int factor)
    {
        BigInteger[][] exact = [.. measure.Components.Select(Exact)];
        AnswerValue truth = NoisyMeasure.Values(measure, exact).First();
        int misses = 0;
        for (int i = 0; i < Trials; i++)
        {
            BigInteger[][] noisy = [.. measure.Components.Select((c, j) => Noisy(c, exact[j], factor))];
            AnswerValue value = NoisyMeasure.Values(measure, noisy).First();
            misses += value.Low <= truth.Value && truth.Value <= value.High ? 0 : 1;
        }

        return misses <= Trials / 20 || ExactTests.BinomialAccepts(misses, Trials, 0.05, 2e-9);
    }

    private static BigInteger[] Noisy(Component component, BigInteger[] exact, int factor)
    {
        long[] noise = new long[exact.Length];
        component.Noise.Law.Fill(noise);
        return [.. exact.Zip(noise, (e, n) => e + (factor * n))];
    }

    // 20,200 rows: 200 of each whole number from 0 to 100, whose middle is 50.
    private static BigInteger[] Exact(Component component)
    {
        BigInteger Sum(Func<long, BigInteger> of) => Enumerable.Range(0, 101).Aggregate(BigInteger.Zero, (sum, i) => sum + (200 * of(i)));
        ComponentShape shape = component.Shape;
        switch (shape.Kind)
        {
            case ComponentKind.CentredSquares:
                return [Sum(i => (2 * ((2 * i) - 100) * ((2 * i) - 100)) - 10_000)];
            case ComponentKind.CentredSum:
                return [Sum(i => (2 * i) - 100)];
            case ComponentKind.BinRows:
                BigInteger[] leaves = new BigInteger[shape.Bins!.Leaves];
                for (int i = 0; i <= 100; i++)
                    leaves[shape.Bins.Branching == 0 ? shape.Bins.Starts.Count(s => s <= i) : i / shape.Bins.Width] += 200;
                return shape.Bins.Count(leaves);
            default:
                return [20_200];
        }
    }

    private static Dictionary<string, AnswerValue> Columns(Answer answer) =>
        answer.Plan.Measures.SelectMany(m => m.Columns).Zip(answer.Rows[0].Values).ToDictionary(c => c.First, c => c.Second);

    private static Task<Answer> AskAsync(AnalyticsHost host, params ImmutableArray<Measure> measures) =>
        host.AskAsync(new Query("shop", measures));

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw draw, ImmutableArray<(int Person, int Quantity, int Email)> rows)
    {
        AnalyticsHost host = new(draw);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        FrameColumn[] columns = [.. ((string[])["qty", "email"]).Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value))];
        await host.SettleAsync(
            dataset,
            columns,
            [.. rows.Select((r, i) => new ProtectedRow(new Guid(i, 0, 0, new byte[8]), r.Person, UnixMicros.From(Shop.From), [(long)r.Quantity, (long)r.Email], null))]);
        return host;
    }
}
