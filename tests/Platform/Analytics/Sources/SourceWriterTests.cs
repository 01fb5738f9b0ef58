using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Opaline.Analytics;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Sources;

public partial class SourceWriterTests
{
    [Fact]
    public async Task The_engine_computes_what_the_model_does_with_and_without_one_unit()
    {
        await SourceCase.Of().Array[20].SampleAsync(
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
                    AssertSame(SourceModel.Sums(c.Plan, c.Rows, c.Others, c.Nonce), with, c.Plan);
                    AssertSame(SourceModel.Sums(c.Plan, c.RowsWithout, c.OthersWithout, c.Nonce), without, c.Plan);
                    Assert.True(BoundedCase.Within(c.Plan, with, without));
                }
            },
            iter: LongRuns.Times(1, 100),
            threads: 1);
    }

    [Fact]
    public void Statements_keep_to_the_shape_that_all_engines_run() => SourceCase.Of().Sample(
        c => Assert.All(AggregationWriter.Write(c.Plan, 7, c.Nonce), s =>
        {
            Assert.DoesNotMatch(Unportable(), s.Sql);
            Assert.Equal(s.Parameters.Length, Placeholder().Matches(s.Sql).Select(m => m.Value).Distinct().Count());
            Assert.All(Partition().Matches(s.Sql), m => Assert.Equal("subject", m.Groups[1].Value));
            // The outermost groups are those of the answer; all others are of a subject.
            Assert.All(Grouping().Matches(s.Sql), m => Assert.StartsWith(s.Sql.EndsWith(m.Value, StringComparison.Ordinal) ? "" : "subject", m.Groups[1].Value, StringComparison.Ordinal));
        }),
        iter: 300);

    private static long Id(int number, int table) => 1_000 + (number * 10) + table;

    // The tables of a case have numbers of their own; the statement names them.
    private static async Task<Dictionary<string, BigInteger[]>> SumsAsync(AnalyticsHost host, QueryPlan plan, int number, long lsn, byte[] nonce)
    {
        CellSums sums = new(plan);
        foreach (BoundedAggregation statement in AggregationWriter.Write(plan, lsn, nonce, host.Events.Dialect))
        {
            string sql = Table().Replace(statement.Sql, m => EventTable.Name(Id(number, int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))));
            sums.Add(statement, await host.Events.AggregateAsync(sql, statement.Parameters, CancellationToken.None));
        }

        return Enumerable.Range(0, sums.Count).ToDictionary(
            cell => string.Join('|', sums.Keys(cell)), cell => Enumerable.Range(0, plan.Components.Length).SelectMany(i => sums[cell, i].ToArray()).ToArray());
    }

    // A public cell without rows is zero in one form and absent in the other.
    private static void AssertSame(Dictionary<string, BigInteger[]> expected, Dictionary<string, BigInteger[]> actual, QueryPlan plan)
    {
        BigInteger[] zero = new BigInteger[plan.Components.Length];
        foreach (string cell in expected.Keys.Union(actual.Keys))
            Assert.True(expected.GetValueOrDefault(cell, zero).SequenceEqual(actual.GetValueOrDefault(cell, zero)), plan.Source.Canonical);
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
