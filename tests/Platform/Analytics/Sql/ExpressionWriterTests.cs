using System.Globalization;
using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

public class ExpressionWriterTests
{
    private static readonly decimal[] Granularities = [0.000001m, 0.0001m, 0.001m, 0.002m, 0.01m, 0.05m, 0.07m, 0.1m, 0.25m, 0.3m, 0.5m, 1m, 3m, 7m];
    private static readonly decimal[] Widths = [0.000003m, 0.001m, 0.01m, 0.05m, 0.1m, 0.15m, 0.29m, 0.3m, 0.7m, 1m, 2.5m, 3m, 7m, 60m, 0.123457m];

    private static readonly Gen<(decimal Granularity, decimal Width, long First, long Last)> Cases =
        Gen.Select(Gen.Int[0, Granularities.Length - 1], Gen.Int[0, Widths.Length - 1], Gen.Long[-30_000, 30_000], Gen.Long[0, 400])
            .Select((g, w, first, more) => (Granularities[g], Widths[w], first, first + more));

    [Theory]
    [InlineData("0.01", "0.05", -10_000, 10_000)]
    [InlineData("0.01", "0.1", -10_000, 10_000)]
    [InlineData("0.000001", "0.15", -10_000, 10_000)]
    [InlineData("0.3", "1", -10_000, 10_000)]
    public async Task Every_value_of_a_grid_falls_into_its_own_bucket(string granularity, string width, long first, long last)
    {
        await using AnalyticsHost host = new();
        await CheckAsync(host, decimal.Parse(granularity, CultureInfo.InvariantCulture), decimal.Parse(width, CultureInfo.InvariantCulture), first, last);
    }

    [Fact]
    public async Task Buckets_of_all_grids_and_widths_are_those_of_whole_number_arithmetic()
    {
        await using AnalyticsHost host = new();
        await Cases.SampleAsync(c => CheckAsync(host, c.Granularity, c.Width, c.First, c.Last), iter: LongRuns.Times(100, 20), threads: 1);
    }

    [Fact]
    public void A_bucket_whose_common_step_with_its_number_leaves_what_is_exact_is_refused() => Assert.Equal(
        RefusalCodes.RangeTooLarge,
        Assert.Throws<QueryRefusedException>(() => Key(0.000001m, 0.000000999999m, 0, 10_000_000_000_000)).Code);

    // Of every multiple of the granularity the engine's bucket, and the bounds and keys that were planned, against integers.
    private static async Task CheckAsync(AnalyticsHost host, decimal granularity, decimal width, long first, long last)
    {
        PlannedExpressionKey key = Key(granularity, width, first, last);
        Assert.Equal(Bucket(first), key.Expression.Grid!.Lower);
        Assert.Equal(Bucket(last), key.Expression.Grid.Upper);
        SqlParameters parameters = new();
        string bucket = new ExpressionWriter(parameters).Write(key.Expression);
        string column = EventTable.Column(Shop.Dataset().Find("amount")!);
        string value = $"CAST(n AS DECIMAL(18, 6)) * CAST({parameters.Add(ValueGrid.Text(granularity))} AS DECIMAL(18, 6))";
        string sql = $"SELECT CAST(n AS BIGINT), {bucket} FROM (SELECT n, {value} AS {column} "
            + $"FROM generate_series(CAST({parameters.Add(first)} AS BIGINT), CAST({parameters.Add(last)} AS BIGINT)) AS steps(n)) AS rows";
        IReadOnlyList<object?[]> found = await host.Events.AggregateAsync(sql, parameters.Values, CancellationToken.None);
        Assert.Equal(last - first + 1, found.Count);
        Assert.All(found, row => Assert.Equal(Bucket(Convert.ToInt64(row[0], CultureInfo.InvariantCulture)), Convert.ToInt64(row[1], CultureInfo.InvariantCulture)));

        long Bucket(long step)
        {
            BigInteger value = step * (BigInteger)(granularity * 1_000_000m);
            BigInteger size = (BigInteger)(width * 1_000_000m);
            BigInteger quotient = BigInteger.DivRem(value, size, out BigInteger rest);
            return (long)(rest < 0 ? quotient - 1 : quotient);
        }
    }

    private static PlannedExpressionKey Key(decimal granularity, decimal width, long first, long last)
    {
        Dataset dataset = Shop.Dataset();
        MeasureBounds bounds = new(first * granularity, last * granularity, granularity);
        dataset = dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == "amount" ? f with { Measure = bounds } : f)] };
        Expression bucket = Expression.Of(Operation.Bucket, Expression.Field("amount"), Expression.Constant(Literal.Of(width)));
        return (PlannedExpressionKey)Assert.Single(Shop.Plan(Shop.Count(new ExpressionKey(bucket)), dataset).Keys);
    }
}
