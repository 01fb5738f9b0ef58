using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Opaline.Analytics;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Platform.Tests.Analytics.Planning.Sources;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

public partial class SourceWriterTests
{
    [Fact]
    public async Task The_engine_computes_what_the_model_does_with_and_without_one_unit()
    {
        await SourceCase.Of().Array[10].SampleAsync(
            async cases =>
            {
                await using AnalyticsHost host = new();
                List<InboxFrame> frames = [];
                foreach ((int number, SourceCase c) in cases.Index())
                {
                    for (int table = 1; table <= 3; table++)
                        await host.Events.PrepareAsync(Shop.Dataset(id: Id(number, table)), CancellationToken.None);
                    IEnumerable<BoundedModel.Row> unit = c.Rows.Where(c.InUnit);
                    IEnumerable<BoundedModel.Row> shared = c.Shared ? c.Others.Where(c.InUnit) : [];
                    // A unit's rows come with a later LSN than all others of their case.
                    foreach ((int table, IEnumerable<BoundedModel.Row> rows) in new[]
                    {
                        (1, c.RowsWithout), (2, c.OthersWithout), (3, c.OthersWithout), (1, unit), (2, shared), (3, shared),
                    })
                    {
                        frames.Add(new InboxFrame(
                            frames.Count + 1,
                            Id(number, table),
                            RowFrame.Write(Shop.Columns, [.. rows.Select(r => Shop.Row(r.Subject, r.Time, r.Action, r.City, r.Amount))])));
                    }
                }

                await host.Events.SettleAsync(frames, CancellationToken.None);
                foreach ((int number, SourceCase c) in cases.Index())
                {
                    Dictionary<string, BigInteger[]> with = await SumsAsync(host, c.Plan, number, (6 * number) + 6, c.Nonce);
                    Dictionary<string, BigInteger[]> without = await SumsAsync(host, c.Plan, number, (6 * number) + 3, c.Nonce);
                    EngineSums.AssertSame(SourceModel.Sums(c.Plan, c.Rows, c.Others, c.Nonce), with, c.Plan);
                    EngineSums.AssertSame(SourceModel.Sums(c.Plan, c.RowsWithout, c.OthersWithout, c.Nonce), without, c.Plan);
                    Assert.True(BoundedCase.Within(c.Plan, with, without));
                }
            },
            iter: LongRuns.Times(1, 200),
            threads: 1);
    }

    [Fact]
    public void Statements_keep_to_the_shape_that_all_engines_run() => SourceCase.Of().Sample(
        c => Assert.All(AggregationWriter.Write(c.Plan, 7, c.Nonce, SqlDialect.PostgreSql), s =>
        {
            Assert.DoesNotMatch(Unportable(), s.Sql);
            Assert.Equal(s.Parameters.Length, Placeholder().Matches(s.Sql).Select(m => m.Value).Distinct().Count());
            // Rows about nobody are on every machine.
            Assert.All(Partition().Matches(s.Sql), m => Assert.True(m.Groups[1].Value == "subject" || c.Plan.Source is PlannedJoin { On: not null }, s.Sql));
            // The outermost groups are those of the answer; all others are of a subject.
            Assert.All(Grouping().Matches(s.Sql), m => Assert.StartsWith(s.Sql.EndsWith(m.Value, StringComparison.Ordinal) ? "" : "subject", m.Groups[1].Value, StringComparison.Ordinal));
        }),
        iter: 300);

    // Whoever asks for twenty steps waits for twenty, not for 2^20.
    [Theory]
    [InlineData(SqlDialect.DuckDb)]
    [InlineData(SqlDialect.PostgreSql)]
    public void The_text_of_a_source_grows_with_its_steps_and_levels_and_no_faster(SqlDialect dialect)
    {
        AssertLinear(QueryLimits.MaxSteps, n => new Query(Funnel(n), []));
        AssertLinear(QueryLimits.MaxRetentionPeriods, n => new Query(new RetentionSource("shop", n) { Days = 1 }, []));
        AssertLinear(QueryLimits.MaxSources - 1, n => new Query(Enumerable.Range(0, n).Aggregate((Source)new DatasetSource("shop"), (inner, _) => new SubjectSource(
            inner, [new("qty", SubjectFunction.Sum, "qty", new ClampRange(0, 100))])), [new Measure(MeasureFunction.Sum, "qty")]));

        // A source of n parts, against one of half as many: twice as long, but for a part's number.
        void AssertLinear(int most, Func<int, Query> ask)
        {
            int[] lengths = [.. Enumerable.Range(2, most - 1).Select(n => AggregationWriter.Write(Shop.Plan(ask(n)), 7, new byte[16], dialect).Sum(s => s.Sql.Length))];
            int middle = (lengths.Length - 1) / 2;
            Assert.InRange(lengths[2 * middle] - lengths[middle], 1, 1.15 * (lengths[middle] - lengths[0]));
        }
    }

    [Fact]
    public void DuckDb_is_given_at_most_five_windows_one_in_another_as_each_doubles_the_work_of_its_optimizer()
    {
        string sql = AggregationWriter.Write(Shop.Plan(new Query(Funnel(QueryLimits.MaxSteps), [])), 7, new byte[16], SqlDialect.DuckDb).Single().Sql;
        Assert.Equal([0, 4, 5, 5, 5], sql.Split(["AS MATERIALIZED (", ") SELECT subject, min("], StringSplitOptions.None).Select(part => part.Split(" OVER (").Length - 1));
    }

    [Fact]
    public async Task A_funnel_of_the_most_steps_counts_what_the_model_does()
    {
        await Gen.Select(Gen.Int[1, 3], Gen.Int[0, 60 * 24], Gen.Int[0, 3]).Array[240].SampleAsync(
            async picks =>
            {
                await using AnalyticsHost host = new();
                await host.Events.PrepareAsync(Shop.Dataset(), CancellationToken.None);
                BoundedModel.Row[] rows =
                [
                    .. picks.Select(p => new BoundedModel.Row(p.Item1, Shop.From.AddMinutes(p.Item2), ((string[])["buy", "look", "return", "other"])[p.Item3], null, null)),
                ];
                await host.Events.SettleAsync(
                    [new InboxFrame(1, 1, RowFrame.Write(Shop.Columns, [.. rows.Select(r => Shop.Row(r.Subject, r.Time, r.Action))]))], CancellationToken.None);
                foreach (TimeSpan? window in (TimeSpan?[])[null, TimeSpan.FromHours(20), TimeSpan.FromHours(12)])
                {
                    QueryPlan plan = Shop.Plan(new Query(Funnel(QueryLimits.MaxSteps) with { Window = window }, []));
                    Dictionary<string, BigInteger[]> sums = await EngineSums.ReadAsync(host, plan, 1, new byte[16]);
                    EngineSums.AssertSame(SourceModel.Sums(plan, rows, [], new byte[16]), sums, plan);
                    if (window is null)
                        Assert.Contains(sums, s => int.Parse(s.Key, CultureInfo.InvariantCulture) >= 10 && s.Value[0] > 0);
                }
            },
            iter: LongRuns.Times(1, 20),
            threads: 1);
    }

    private static FunnelSource Funnel(int steps) => new(
        "shop",
        [.. Enumerable.Range(0, steps).Select(i => new FunnelStep(Expression.Condition("action", Operation.Equal, [Literal.Of(((string[])["buy", "look", "return"])[i % 3])])))])
    {
        Window = TimeSpan.FromDays(7),
    };

    private static long Id(int number, int table) => 1_000 + (number * 10) + table;

    // The tables of a case have numbers of their own; the statement names them.
    private static async Task<Dictionary<string, BigInteger[]>> SumsAsync(AnalyticsHost host, QueryPlan plan, int number, long lsn, byte[] nonce)
    {
        CellSums sums = new(plan);
        foreach (BoundedAggregation statement in AggregationWriter.Write(plan, lsn, nonce, host.Events.Dialect))
        {
            string named = Table().Replace(statement.Sql, m => EventTable.Name(Id(number, int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))));
            sums.Add(statement, await host.Events.AggregateAsync(named, statement.Parameters, CancellationToken.None));
        }

        return EngineSums.Of(plan, sums);
    }

    [GeneratedRegex(@"dataset_(\d+)")]
    private static partial Regex Table();

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"PARTITION BY (\w+)")]
    private static partial Regex Partition();

    [GeneratedRegex(@"GROUP BY ([\w, ]+)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b(LIMIT|WITH|GROUPING|ROLLUP|CUBE|QUALIFY|ASOF|LATERAL|DISTINCT ON|timezone|date_diff|datediff|TRY_CAST|list_\w+|array_\w+|quantile|percentile|hash\()", RegexOptions.IgnoreCase)]
    private static partial Regex Unportable();
}
