using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases.Cells;

public class NoisyRowsTests
{
    [Fact]
    public void A_key_that_only_another_statement_knows_is_not_up_for_selection()
    {
        QueryPlan plan = Shop.Plan(
            new Query("shop", [new Measure(MeasureFunction.DistinctSubjects)]) { GroupBy = [new ExpressionKey("city")] },
            Shop.Dataset(PrivacyUnit.SubjectPerDay));
        // One statement counts units and selects; the other counts whole subjects and keeps other groups of them.
        BoundedAggregation[] statements = [.. AggregationWriter.Write(plan, 1, new byte[16], SqlDialect.PostgreSql)];
        Assert.Equal(2, statements.Length);
        Assert.Same(plan.Selection!.Component, plan.Components[statements[0].Components[0]]);
        CellSums sums = new(plan);
        sums.Add(statements[0], [["graz", 7L]]);
        sums.Add(statements[1], [["graz", 3L], ["linz", 1L]]);

        // Noise that would carry every key over the threshold.
        ReleaseNoise noise = new(plan, (_, draws) => draws.Fill(1_000_000));
        AnswerRow row = Assert.Single(NoisyRows.Of(plan, sums, noise));
        Assert.Equal("graz", Assert.Single(row.Keys));
    }

    [Theory]
    [InlineData("action")]
    [InlineData("city")]
    public void Rows_are_in_the_order_of_their_keys_whatever_the_engine_gives_first(string key)
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.DistinctSubjects)]) { GroupBy = [new ExpressionKey(key)] });
        BoundedAggregation statement = Assert.Single(AggregationWriter.Write(plan, 1, new byte[16], SqlDialect.PostgreSql));
        object?[][] rows = [["return", 7_001L], ["buy", 7_000L], ["look", 7_002L]];
        ReleaseNoise noise = new(plan, (_, draws) => draws.Clear());
        foreach (object?[][] given in (object?[][][])[rows, [.. rows.Reverse()]])
        {
            CellSums sums = new(plan);
            sums.Add(statement, given);
            Assert.Equal([("buy", 7_000m), ("look", 7_002m), ("return", 7_001m)], NoisyRows.Of(plan, sums, noise).Select(r => (r.Keys[0], r.Values[0].Value)));
        }
    }
}
