using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class AnswerRowsTests
{
    [Fact]
    public void A_key_that_only_another_statement_knows_is_not_up_for_selection()
    {
        QueryPlan plan = Shop.Plan(
            new Query("shop", [new Measure(MeasureFunction.DistinctSubjects)]) { GroupBy = [new ExpressionKey("city")] },
            Shop.Dataset(PrivacyUnit.SubjectPerDay));
        // One statement counts units and selects; the other counts whole subjects and keeps other groups of them.
        BoundedAggregation[] statements = [.. AggregationWriter.Write(plan, 1, new byte[16])];
        Assert.Equal(2, statements.Length);
        Assert.Same(plan.Selection!.Component, plan.Components[statements[0].Components[0]]);
        CellSums sums = new(plan);
        sums.Add(statements[0], [["graz", 7L]]);
        sums.Add(statements[1], [["graz", 3L], ["linz", 1L]]);

        // Noise that would carry every key over the threshold.
        ReleaseNoise noise = new(plan, (_, draws) => draws.Fill(1_000_000));
        AnswerRow row = Assert.Single(AnswerRows.Of(plan, sums, noise));
        Assert.Equal("graz", Assert.Single(row.Keys));
    }
}
