using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

/// <summary>Purchases of 23,570 customers: dollars clamped to 0 … 200 in steps of a cent. 463 purchases are above 200; 255 equal another and all count.</summary>
public class CdnowTests
{
    private const decimal Most = 200m;

    [Fact]
    public async Task Sums_and_means_without_noise_are_the_exact_clamped_truth()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await ImportAsync(host, rows);
        // More rows and months than anybody has, so that nothing but the clamp cuts.
        Answer answer = await host.AskAsync(Question with { Contribution = new ContributionBounds(18, 500) });
        Assert.Equal(18, answer.Rows.Length);
        foreach (AnswerRow row in answer.Rows)
        {
            decimal[] dollars = [.. rows.Where(r => r.Date.ToString("yyyy-MM-01", CultureInfo.InvariantCulture) == row.Keys[0]).Select(r => Math.Min(r.Dollars, Most))];
            Assert.Equal(dollars.Length, row.Values[0].Value);
            Assert.Equal(dollars.Sum(), row.Values[1].Value);
            Assert.Equal(decimal.Round(dollars.Average(), 6), row.Values[2].Value);
        }

        Assert.Equal(69_659, answer.Rows.Sum(r => r.Values[0].Value));
    }

    [Fact]
    public async Task Sums_of_units_beyond_their_bounds_are_clamped_whole()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await ImportAsync(host, rows);
        Answer answer = await host.AskAsync(Question with { GroupBy = [], Contribution = new ContributionBounds(1, 2) });
        decimal expected = rows.GroupBy(r => r.Customer).Sum(c => Math.Min(c.Sum(r => Math.Min(r.Dollars, Most)), 2 * Most));
        Assert.Equal(expected, answer.Rows[0].Values[1].Value);
        Assert.Equal(rows.GroupBy(r => r.Customer).Sum(c => Math.Min(c.Count(), 2)), answer.Rows[0].Values[0].Value);
    }

    // A sum leaves its interval once in 1e9 runs; the printed interval of a mean is widened by nothing, so it is only held to contain what it says it is around.
    [Fact]
    public async Task With_noise_the_sum_lies_within_its_interval_of_the_bounded_truth()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = Load();
        await using AnalyticsHost host = new();
        Dataset dataset = await ImportAsync(host, rows);
        Query question = Question with { GroupBy = [], Contribution = new ContributionBounds(1, 5) };
        Answer answer = await host.AskAsync(question);
        QueryPlan plan = Shop.Plan(question, dataset);
        decimal truth = rows.GroupBy(r => r.Customer).Sum(c => Math.Min(c.Sum(r => Math.Min(r.Dollars, Most)), 5 * Most));
        decimal width = plan.Components[1].Noise.Law.HalfWidth(1e-9) * 0.01m;
        AnswerValue[] values = [.. answer.Rows[0].Values];
        Assert.InRange(values[1].Value, truth - width, truth + width);
        Assert.InRange(values[2].Value, values[2].Low, values[2].High);
        Assert.InRange(values[2].High - values[2].Low, 0m, 10m);
    }

    private static Query Question { get; } = new("cdnow",
    [
        new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "dollars"), new Measure(MeasureFunction.Mean, "dollars"),
    ])
    {
        GroupBy = [new PeriodKey(Period.Month)],
        Epsilon = 1,
    };

    internal static List<(string Customer, DateTime Date, decimal Dollars)> Load() =>
    [
        .. PublicData.Rows("cdnow.csv.gz").Select(c => (
            c[0],
            DateTime.ParseExact(c[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            decimal.Parse(c[3], CultureInfo.InvariantCulture))),
    ];

    internal static async Task<Dataset> ImportAsync(AnalyticsHost host, List<(string Customer, DateTime Date, decimal Dollars)> rows)
    {
        Assert.Equal(69_659, rows.Count);
        Dataset dataset = await host.DeclareAsync(new DatasetDeclaration(
            Tenant.Default,
            "cdnow",
            "customer",
            "UTC",
            PrivacyUnit.Subject,
            new TimeRange(new DateTime(1997, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(1998, 7, 1, 0, 0, 0, DateTimeKind.Utc)),
            new ContributionBounds(18, 5),
            TimeSpan.FromDays(1),
            [
                new("customer_id", FieldType.String, FieldRole.Subject, Datasets.Confirmed, new Treatment(TreatmentKind.Tokenize)),
                new("date", FieldType.Date, FieldRole.Time, Datasets.Confirmed, new Treatment(TreatmentKind.Keep)),
                new("dollars", FieldType.Decimal, FieldRole.Measure, Datasets.Confirmed, new Treatment(TreatmentKind.Keep), null, new MeasureBounds(0m, Most, 0.01m)),
            ]));
        await host.SettleAsync(
            dataset,
            [new FrameColumn(dataset.Find("dollars")!.Id, StoredType.Decimal)],
            [.. rows.Select((r, i) => new ProtectedRow(
                new Guid(i, 0, 0, new byte[8]), long.Parse(r.Customer, CultureInfo.InvariantCulture), UnixMicros.From(r.Date), [r.Dollars], null))]);
        return dataset;
    }
}
