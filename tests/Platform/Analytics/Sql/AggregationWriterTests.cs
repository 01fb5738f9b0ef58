using System.Collections.Immutable;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Platform.Tests.Analytics.Queries.Sql;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

public partial class AggregationWriterTests
{
    private static readonly byte[] Nonce = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    [Fact]
    public async Task The_engine_computes_what_the_model_does_and_one_unit_stays_within_its_bound()
    {
        // Many cases at once: each has a table of its own, and its unit comes with a later LSN than its other rows.
        await BoundedCase.Generator.Array[20].SampleAsync(
            async cases =>
            {
                await using AnalyticsHost host = new();
                List<InboxFrame> frames = [];
                List<BoundedCase> tabled = [];
                foreach (BoundedCase c in cases)
                {
                    Dataset dataset = c.Plan.Dataset with { Id = 1_000 + tabled.Count };
                    tabled.Add(c with { Plan = c.Plan with { Dataset = dataset } });
                    await host.Events.PrepareAsync(dataset, CancellationToken.None);
                    foreach (ImmutableArray<BoundedModel.Row> rows in new[] { c.Others, c.Unit })
                        frames.Add(new InboxFrame(frames.Count + 1, dataset.Id, RowFrame.Write(Shop.Columns, Rows(rows))));
                }

                await host.Events.SettleAsync(frames, CancellationToken.None);
                for (int i = 0; i < tabled.Count; i++)
                {
                    BoundedCase c = tabled[i];
                    Dictionary<string, BigInteger[]> absent = await EngineSums.ReadAsync(host, c.Plan, (2 * i) + 1, c.Nonce);
                    Dictionary<string, BigInteger[]> present = await EngineSums.ReadAsync(host, c.Plan, (2 * i) + 2, c.Nonce);
                    EngineSums.AssertSame(BoundedModel.Sums(c.Plan, c.Others, c.Nonce), absent, c.Plan);
                    EngineSums.AssertSame(BoundedModel.Sums(c.Plan, c.All, c.Nonce), present, c.Plan);
                    Assert.True(BoundedCase.Within(c.Plan, present, absent));
                }
            },
            iter: LongRuns.Times(1, 100),
            threads: 1);
    }

    [Theory]
    [InlineData(double.NaN, 1000)]
    [InlineData(double.PositiveInfinity, 1000)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(1e300, 1000)]
    [InlineData(-1e300, 0)]
    [InlineData(0.0005, 1)]
    [InlineData(0.12345, 123)]
    public async Task No_value_of_a_measure_makes_a_sum_fail(double value, long steps)
    {
        await using AnalyticsHost host = new();
        Dataset dataset = Shop.Dataset();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        ProtectedRow row = new(Guid.Empty, 1, UnixMicros.From(Shop.From), [value], null);
        long lsn = await host.SettleAsync(dataset, [new FrameColumn(12, StoredType.Double)], [row]);
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Sum, "score"), new Measure(MeasureFunction.Mean, "score")]));
        BigInteger[] sums = Assert.Single(await EngineSums.ReadAsync(host, plan, lsn, Nonce)).Value;
        Assert.Equal(steps, sums[0]);
        Assert.Equal((2 * steps) - 1_000, sums[1]);
        Assert.Equal(1, sums[2]);
    }

    // score is in [0, 1]. A clamp that is forgotten around an expression, or of its column, lets a value move the sum by more than was planned; a divisor of zero
    // is a missing value and no failure.
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e300)]
    [InlineData(0.5)]
    [InlineData(17.25)]
    [InlineData(-3)]
    public async Task No_value_moves_the_sum_of_an_expression_beyond_its_own_bounds(double value)
    {
        await using AnalyticsHost host = new();
        Dataset dataset = Shop.Dataset();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        QueryPlan plan = Shop.Plan(SqlCorpus.Query(
            "SELECT sum(score * score), sum(1 - score * 2), sum(1 / (score - 0.5)), sum(CASE WHEN score > 10 THEN 1000 ELSE score END), "
                + "sum(CAST(score AS DOUBLE) * -3), avg(abs(score - 0.75)), count(score / (score - 0.5)) FROM shop"));
        FrameColumn[] columns = [new(12, StoredType.Double)];
        long before = await host.SettleAsync(dataset, columns, [new ProtectedRow(new Guid(1, 0, 0, new byte[8]), 1, UnixMicros.From(Shop.From), [0.25], null)]);
        long after = await host.SettleAsync(dataset, columns, [new ProtectedRow(new Guid(2, 0, 0, new byte[8]), 2, UnixMicros.From(Shop.From), [value], null)]);
        BigInteger[] without = Assert.Single(await EngineSums.ReadAsync(host, plan, before, Nonce)).Value;
        BigInteger[] with = Assert.Single(await EngineSums.ReadAsync(host, plan, after, Nonce)).Value;
        // One row of the five that may count.
        Assert.All(plan.Components, (c, i) => Assert.True(BigInteger.Abs(with[i] - without[i]) * c.RowsPerGroup <= c.Sensitivity.MaxChange));
        Assert.Equal(value == 0.5 ? 0 : 1, (int)(with[^1] - without[^1]));
    }

    [Fact]
    public async Task Which_groups_of_a_unit_count_is_its_own_matter_also_where_keys_run_together()
    {
        Dataset dataset = Shop.Dataset();
        dataset = dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == "action" ? f with { Domain = null } : f)] };
        Query query = Shop.Count(new ExpressionKey("action"), new ExpressionKey("city")) with { Contribution = new ContributionBounds(1, 1) };
        QueryPlan plan = Shop.Plan(query, dataset);
        // Both groups of each unit have one text, and one hash.
        BoundedModel.Row[] rows =
        [
            .. Enumerable.Range(1, 400).SelectMany(i => (BoundedModel.Row[])[new(i, Shop.From, "a|b", "c", null), new(i, Shop.From, "a", "b|c", null)]),
        ];
        await using AnalyticsHost host = new();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        await host.Events.SettleAsync(
            [new InboxFrame(1, 1, RowFrame.Write(Shop.Columns, [.. rows.Select(r => Shop.Row(r.Subject, r.Time, r.Action, r.City))]))], CancellationToken.None);
        EngineSums.AssertSame(BoundedModel.Sums(plan, rows, Nonce), await EngineSums.ReadAsync(host, plan, 1, Nonce), plan);
    }

    [Fact]
    public async Task Values_of_all_sizes_in_one_batch_do_not_make_a_sum_fail()
    {
        await using AnalyticsHost host = new();
        Dataset dataset = Shop.Dataset();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        object?[] values = [double.NaN, 1e300, 0.5, null, -1e300, double.NegativeInfinity, 0.25];
        long lsn = await host.SettleAsync(
            dataset,
            [new FrameColumn(12, StoredType.Double)],
            [.. Enumerable.Range(0, 7_000).Select(i => new ProtectedRow(new Guid(i, 0, 0, new byte[8]), i, UnixMicros.From(Shop.From), [values[i % 7]], null))]);
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Sum, "score"), new Measure(MeasureFunction.Mean, "score")]));
        BigInteger[] sums = Assert.Single(await EngineSums.ReadAsync(host, plan, lsn, Nonce)).Value;
        Assert.Equal(1_000 * (1_000 + 1_000 + 500 + 250), sums[0]);
        Assert.Equal((2 * sums[0]) - (1_000 * 6_000), sums[1]);
        Assert.Equal(6_000, sums[2]);
    }

    // In doubles 1e16 + 1 - 1e16 is 0 or 1 by the order of its terms, and the order is an attacker's to choose (Casacuberta and others, Widespread
    // Underestimation of Sensitivity in Differentially Private Libraries and How to Fix It, CCS 2022, arXiv 2207.10635).
    [Fact]
    public async Task The_order_in_which_rows_arrive_changes_no_sum()
    {
        await using AnalyticsHost host = new();
        double[] values = [1e16, 1, -1e16, 0.1, 0.2, 0.3, 999.999, 1e-9];
        List<BigInteger[]> sums = [];
        for (int order = 0; order < 8; order++)
        {
            Dataset dataset = Shop.Dataset() with { Id = 2_000 + order };
            await host.Events.PrepareAsync(dataset, CancellationToken.None);
            // Rotated, and backwards every other time; one frame a row, so that the engine cannot put them in order again.
            IEnumerable<double> ordered = Enumerable.Range(0, values.Length).Select(i => values[(i + order) % values.Length]);
            long lsn = 0;
            foreach ((int i, double value) in (order % 2 == 0 ? ordered : ordered.Reverse()).Index())
            {
                lsn = await host.SettleAsync(
                    dataset, [new FrameColumn(12, StoredType.Double)], [new ProtectedRow(new Guid(i, 0, 0, new byte[8]), i, UnixMicros.From(Shop.From), [value], null)]);
            }

            QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Sum, "score"), new Measure(MeasureFunction.Mean, "score")]), dataset);
            sums.Add(Assert.Single(await EngineSums.ReadAsync(host, plan, lsn, Nonce)).Value);
        }

        Assert.All(sums, s => Assert.Equal(sums[0], s));
        Assert.Equal(1_000 + 1_000 + 0 + 100 + 200 + 300 + 1_000 + 0, sums[0][0]);
    }

    [Fact]
    public async Task A_public_domain_may_fill_all_cells_of_an_answer()
    {
        await using AnalyticsHost host = new();
        Dataset dataset = Shop.Dataset();
        dataset = dataset with
        {
            Fields = [.. dataset.Fields.Select(f => f.Name == "city" ? f with { Domain = [.. Enumerable.Range(0, QueryLimits.MaxCells).Select(i => $"city {i}")] } : f)],
        };
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        long lsn = await host.SettleAsync(
            dataset, Shop.Columns, [Shop.Row(1, Shop.From, "buy", "city 77"), Shop.Row(2, Shop.From, "buy", "city 9999"), Shop.Row(3, Shop.From, "buy", "no city")]);
        Dictionary<string, BigInteger[]> sums = await EngineSums.ReadAsync(host, Shop.Plan(Shop.Count(new ExpressionKey("city")), dataset), lsn, Nonce);
        Assert.Equal(QueryLimits.MaxCells, sums.Count);
        Assert.Equal(["city 77", "city 9999"], sums.Where(s => s.Value[0] == 1).Select(s => s.Key));
    }

    [Fact]
    public async Task Filters_of_every_type_and_operator_run()
    {
        await using AnalyticsHost host = new();
        Dataset dataset = Shop.Dataset();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        ImmutableArray<FrameColumn> columns =
        [
            new(4, StoredType.Text), new(5, StoredType.Decimal), new(6, StoredType.Boolean), new(11, StoredType.Int64), new(12, StoredType.Double),
            new(13, StoredType.Date), new(14, StoredType.Uuid), new(15, StoredType.Timestamp),
        ];
        Guid session = new("11111111-2222-3333-4444-555555555555");
        DateTime seen = new(2024, 5, 1, 10, 0, 0, DateTimeKind.Utc);
        ProtectedRow full = new(
            Guid.Empty, 1, UnixMicros.From(Shop.From), ["Wien", 1.25m, true, 7L, 0.5, 19_844, session, UnixMicros.From(seen)], null);
        ProtectedRow empty = new(new Guid(1, 0, 0, new byte[8]), 2, UnixMicros.From(Shop.From), new object?[8], null);
        long lsn = await host.SettleAsync(dataset, columns, [full, empty]);

        (string Field, Literal Value, Literal Other)[] ordered =
        [
            ("amount", Literal.Of(1.25m), Literal.Of(1.5m)), ("qty", Literal.Of(7m), Literal.Of(8m)), ("score", Literal.Of(0.5m), Literal.Of(0.75m)),
            ("born", Literal.Of("2024-05-01"), Literal.Of("2024-05-02")), ("seen", Literal.Of("2024-05-01T12:00:00+02:00"), Literal.Of("2024-05-01T10:00:01Z")),
        ];
        (string Field, Literal Value, Literal Other)[] plain =
        [
            ("city", Literal.Of("Wien"), Literal.Of("'; DROP TABLE dataset_1; --")), ("vip", Literal.Of(true), Literal.Of(false)),
            ("session", Literal.Of(session.ToString()), Literal.Of("11111111-2222-3333-4444-555555555556")),
        ];
        foreach ((string field, Literal value, Literal other) in ordered.Concat(plain))
        {
            Assert.Equal(1, await CountAsync(field, Operation.Equal, value));
            Assert.Equal(0, await CountAsync(field, Operation.Equal, other));
            Assert.Equal(0, await CountAsync(field, Operation.NotEqual, value));
            Assert.Equal(1, await CountAsync(field, Operation.NotEqual, other));
            Assert.Equal(1, await CountAsync(field, Operation.In, value, other));
            Assert.Equal(1, await CountAsync(field, Operation.IsNull));
            Assert.Equal(1, await CountAsync(field, Operation.IsNotNull));
        }

        foreach ((string field, Literal value, Literal other) in ordered)
        {
            Assert.Equal(1, await CountAsync(field, Operation.Less, other));
            Assert.Equal(0, await CountAsync(field, Operation.Less, value));
            Assert.Equal(1, await CountAsync(field, Operation.LessOrEqual, value));
            Assert.Equal(0, await CountAsync(field, Operation.Greater, value));
            Assert.Equal(1, await CountAsync(field, Operation.GreaterOrEqual, value));
            Assert.Equal(0, await CountAsync(field, Operation.GreaterOrEqual, other));
        }

        async Task<BigInteger> CountAsync(string field, Operation op, params ImmutableArray<Literal> values)
        {
            QueryPlan plan = Shop.Plan(Shop.Count() with { Where = [Expression.Condition(field, op, values)] });
            return (await EngineSums.ReadAsync(host, plan, lsn, Nonce)).Values.FirstOrDefault()?[0] ?? 0;
        }
    }

    [Fact]
    public void Nothing_that_a_client_or_an_admin_chose_stands_in_the_text()
    {
        const string Evil = "x'; DROP TABLE dataset_1; --";
        Dataset dataset = Shop.Dataset();
        dataset = dataset with
        {
            Fields = [.. dataset.Fields.Select(f => f.Name switch
            {
                "city" => f with { Name = Evil },
                "action" => f with { Domain = [Evil, "buy"] },
                _ => f,
            })],
        };
        Query query = new(
            "shop",
            [
                new Measure(MeasureFunction.Sum, "amount", Evil), new Measure(MeasureFunction.DistinctValues, Evil),
                new Measure(MeasureFunction.Quantiles, "amount") { Points = [0.5m] }, new Measure(MeasureFunction.Histogram, "amount") { Points = [1m] },
            ])
        {
            GroupBy = [new ExpressionKey(Evil), new ExpressionKey("action"), new PeriodKey(Period.Week)],
            Where = [Expression.Condition(Evil, Operation.In, [Literal.Of(Evil), Literal.Of("Wien")])],
            TimeZone = "Europe/Vienna",
        };
        foreach (BoundedAggregation statement in AggregationWriter.Write(Shop.Plan(query, dataset), 7, Nonce, SqlDialect.PostgreSql))
        {
            Assert.DoesNotContain("DROP", statement.Sql, StringComparison.Ordinal);
            Assert.DoesNotContain("Wien", statement.Sql, StringComparison.Ordinal);
            Assert.Equal(statement.Parameters.Length, Placeholder().Count(statement.Sql));
        }
    }

    [Fact]
    public void Statements_keep_to_the_shape_that_all_engines_run()
    {
        Query query = new("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.DistinctSubjects)])
        {
            GroupBy = [new ExpressionKey("city"), new PeriodKey(Period.Month)],
            TimeZone = "Europe/Vienna",
        };
        ImmutableArray<BoundedAggregation> statements = AggregationWriter.Write(Shop.Plan(query, Shop.Dataset(PrivacyUnit.SubjectPerDay)), 7, Nonce, SqlDialect.PostgreSql);
        Assert.Equal(2, statements.Length);
        Assert.Contains("GROUP BY subject, u, k0, k1", statements[0].Sql, StringComparison.Ordinal);
        Assert.Contains("PARTITION BY subject, u ORDER BY md5(", statements[0].Sql, StringComparison.Ordinal);
        Assert.Contains("GROUP BY subject, k0, k1", statements[1].Sql, StringComparison.Ordinal);
        Assert.Contains("PARTITION BY subject ORDER BY md5(", statements[1].Sql, StringComparison.Ordinal);
        Assert.All(statements, s => Assert.DoesNotMatch(Unportable(), s.Sql));
    }

    private static List<ProtectedRow> Rows(IEnumerable<BoundedModel.Row> rows) =>
        [.. rows.Select(r => Shop.Row(r.Subject, r.Time, r.Action, r.City, r.Amount))];

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(LIMIT|WITH|GROUPING|ROLLUP|CUBE|timezone|epoch|date_diff|TRY_CAST|quantile|percentile|hash\()", RegexOptions.IgnoreCase)]
    private static partial Regex Unportable();
}
