using System.Globalization;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Releases.Behaviours;

/// <summary>
/// Known answers about public data. In the funnel a case's events are ordered by time, ties by the order of the file, and a step counts when it comes after
/// the step before it; in the retention month j holds a customer with a purchase 30·j to 30·(j + 1) days after the first.
/// </summary>
public class ReferenceAnswersTests
{
    [Fact]
    public async Task The_hospital_funnel_before_noise_is_the_published_one()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await HospitalBillingTests.ImportAsync(host, HospitalBillingTests.Load());
        Answer answer = await AskAsync(host, """
            {"dataset":"hospital_billing","funnel":{"steps":[
                {"condition":{"field":"activity","op":"eq","value":"NEW"},"name":"new"},
                {"field":"activity","op":"eq","value":"FIN"},
                {"field":"activity","op":"eq","value":"RELEASE"},
                {"field":"activity","op":"eq","value":"CODE OK"},
                {"field":"activity","op":"eq","value":"BILLED"}]}}
            """);
        Assert.Equal(["new", "2", "3", "4", "5"], answer.Rows.Select(r => r.Keys[0]));
        Assert.Equal([10_000m, 7_419, 7_209, 7_059, 6_915], answer.Rows.Select(r => r.Values[0].Value));
        Assert.Equal([1m, 0.7419m, 0.7209m, 0.7059m, 0.6915m], answer.Rows.Select(r => r.Values[1].Value));
        Assert.Equal(decimal.Round(7_209m / 7_419, 6), answer.Rows[2].Values[2].Value);
        Assert.All(answer.Rows.SelectMany(r => r.Values), v => Assert.InRange(v.Value, v.Low, v.High));
        Assert.Equal(1, answer.Plan.Measures[0].Components[0].SquaredL2Sensitivity);
        Assert.Equal(["subjects", "of_first", "of_previous"], answer.Plan.Measures.Select(m => m.Name));
    }

    [Fact]
    public async Task A_funnel_window_leaves_out_cases_that_took_longer_from_the_first_step_to_the_last()
    {
        List<(string Case, string Activity, DateTime Time)> rows = HospitalBillingTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await HospitalBillingTests.ImportAsync(host, rows);
        Answer answer = await AskAsync(host, """
            {"dataset":"hospital_billing","funnel":{"window":"90d","steps":[
                {"field":"activity","op":"eq","value":"NEW"},{"field":"activity","op":"eq","value":"BILLED"}]}}
            """);
        int quick = rows.GroupBy(r => r.Case).Count(c => c.OrderBy(r => r.Time).ToList() is { } events
            && events.Index().Any(s => s.Item.Activity == "NEW"
                && events.Skip(s.Index + 1).Any(e => e.Activity == "BILLED" && e.Time <= s.Item.Time.AddDays(90))));
        Assert.InRange(quick, 1, 6_914);
        Assert.Equal([10_000m, quick], answer.Rows.Select(r => r.Values[0].Value));
    }

    [Fact]
    public async Task The_CDNOW_retention_before_noise_is_the_published_one()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await CdnowTests.ImportAsync(host, CdnowTests.Load());
        Answer answer = await AskAsync(host, """{"dataset":"cdnow","retention":{"every":"30d","periods":5}}""");
        Assert.Equal(["0", "1", "2", "3", "4"], answer.Rows.Select(r => r.Keys[0]));
        Assert.Equal([23_570m, 3_088, 2_375, 2_149, 2_110], answer.Rows.Select(r => r.Values[0].Value));
        Assert.Equal(decimal.Round(3_088m / 23_570, 6), answer.Rows[1].Values[1].Value);
        Assert.All(answer.Rows.SelectMany(r => r.Values), v => Assert.InRange(v.Value, v.Low, v.High));
    }

    [Fact]
    public async Task Retention_by_cohort_adds_up_to_retention_of_all()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = CdnowTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await CdnowTests.ImportAsync(host, rows);
        Answer answer = await AskAsync(host, """{"dataset":"cdnow","retention":{"every":"month","periods":4},"group_by":[{"period":"month"}]}""");
        Dictionary<(string, string), int> truth = rows.GroupBy(r => r.Customer)
            .SelectMany(c => c.Select(r => (Cohort: Month(c.Min(x => x.Date)), Elapsed: Months(r.Date) - Months(c.Min(x => x.Date)))).Distinct())
            .Where(c => c.Elapsed < 4)
            .GroupBy(c => (c.Cohort, c.Elapsed.ToString(CultureInfo.InvariantCulture))).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(18 * 4, answer.Rows.Length);
        Assert.All(answer.Rows, r => Assert.Equal(truth.GetValueOrDefault((r.Keys[0], r.Keys[1])), r.Values[0].Value));
        // A customer is in one cohort, and in each of its periods once.
        Assert.Equal(4, answer.Plan.Measures[0].Components[0].SquaredL2Sensitivity);
    }

    [Fact]
    public async Task Stickiness_is_the_mean_of_days_over_the_month()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = CdnowTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await CdnowTests.ImportAsync(host, rows);
        Answer answer = await AskAsync(host, """{"dataset":"cdnow","active_users":{},"from":"1997-01-01","to":"1997-03-01"}""");
        Assert.Equal(["1997-01-01", "1997-02-01"], answer.Rows.Select(r => r.Keys[0]));
        foreach (AnswerRow row in answer.Rows)
        {
            var month = rows.Where(r => Month(r.Date) == row.Keys[0]).ToList();
            int active = month.Select(r => r.Customer).Distinct().Count();
            int daily = month.Select(r => (r.Customer, r.Date)).Distinct().Count();
            int days = DateTime.DaysInMonth(1997, row.Keys[0] == "1997-01-01" ? 1 : 2);
            Assert.Equal(active, row.Values[0].Value);
            Assert.Equal(decimal.Round((decimal)daily / days, 6), row.Values[1].Value);
            Assert.Equal(decimal.Round((decimal)daily / days / active, 6), row.Values[2].Value, 5);
        }
    }

    [Fact]
    public async Task A_subquery_that_carries_the_subject_out_counts_subjects_by_their_visits()
    {
        List<(string Customer, DateTime Date, decimal Dollars)> rows = CdnowTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await CdnowTests.ImportAsync(host, rows);
        // SELECT visits, count(*) FROM (SELECT customer_id, least(count(*), 20) AS visits FROM cdnow GROUP BY customer_id) GROUP BY visits
        Answer answer = await AskAsync(host, """
            {"dataset":"cdnow","subjects":{"values":[{"name":"visits","function":"count","clamp":[0,20]}]},
             "measures":[{"function":"count"}],"group_by":[{"field":"visits"}]}
            """);
        Dictionary<string, int> truth = rows.GroupBy(r => r.Customer).GroupBy(c => Math.Min(20, c.Count()))
            .ToDictionary(g => g.Key.ToString(CultureInfo.InvariantCulture), g => g.Count());
        Assert.Equal(21, answer.Rows.Length);
        Assert.All(answer.Rows, r => Assert.Equal(truth.GetValueOrDefault(r.Keys[0]), r.Values[0].Value));
        Assert.Equal(1, answer.Plan.Measures[0].Components[0].SquaredL2Sensitivity);
    }

    [Fact]
    public async Task Paths_are_consecutive_events_of_a_subject()
    {
        List<(string Case, string Activity, DateTime Time)> rows = HospitalBillingTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await HospitalBillingTests.ImportAsync(host, rows);
        Answer answer = await AskAsync(host, """{"dataset":"hospital_billing","paths":{"field":"activity"},"contribution":{"groups":256,"rows_per_group":1}}""");
        Dictionary<string, int> truth = rows.GroupBy(r => r.Case)
            .SelectMany(c => c.OrderBy(r => r.Time).Select(r => r.Activity).ToList() is { } events ? events.Zip(events.Skip(1), (x, y) => $"{x}→{y}").Distinct() : [])
            .GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(256, answer.Rows.Length);
        Assert.All(answer.Rows, r => Assert.Equal(truth.GetValueOrDefault($"{r.Keys[0]}→{r.Keys[1]}"), r.Values[0].Value));
    }

    [Fact]
    public async Task Sessions_end_where_a_subject_pauses_longer_than_the_gap()
    {
        List<(string Case, string Activity, DateTime Time)> rows = HospitalBillingTests.Load();
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await HospitalBillingTests.ImportAsync(host, rows);
        Answer answer = await AskAsync(host, """
            {"dataset":"hospital_billing","sessions":{"gap":"1d"},"contribution":{"groups":1,"rows_per_group":100}}
            """);
        int sessions = rows.GroupBy(r => r.Case).Sum(c => c.Select(r => r.Time).Order().ToList() is { } times
            ? 1 + times.Zip(times.Skip(1)).Count(p => p.Second - p.First > TimeSpan.FromDays(1))
            : 0);
        Assert.Equal([sessions, 10_000m, sessions / 10_000m], answer.Rows[0].Values.Select(v => v.Value));
    }

    private static Task<Answer> AskAsync(AnalyticsHost host, string json) =>
        host.AskAsync(QueryJson.Parse(json));

    private static string Month(DateTime date) => date.ToString("yyyy-MM-01", CultureInfo.InvariantCulture);

    private static int Months(DateTime date) => (date.Year * 12) + date.Month;
}
