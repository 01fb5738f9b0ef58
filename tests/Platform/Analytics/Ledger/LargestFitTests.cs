using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Ledger;

public class LargestFitTests
{
    /// <summary>Questions of every shape that is priced differently.</summary>
    public static TheoryData<string> Shapes => ["count", "mean", "laplace", "keys", "units", "error", "several"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_identical_question_with_the_suggested_epsilon_is_accepted_and_a_little_more_is_not(string shape)
    {
        Query query = Of(shape);
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset.Epsilon = 1);
        // Other rows than those that are asked about next: a release of the same would answer what is less exact at no cost.
        await host.AskAsync(Shop.Count() with { Epsilon = 0.6, Where = [Expression.Condition("vip", Operation.Equal, [Literal.Of(true)])] });
        int aggregations = host.Events.Aggregations;
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(query));
        Assert.Equal(aggregations, host.Events.Aggregations);
        Assert.Equal(refusal.Account.LeftNanoRho, refusal.LargestNanoRho);
        Assert.Null(refusal.LargestDelta);
        double epsilon = Assert.IsType<double>(refusal.LargestEpsilon);
        Assert.Contains(FormattableString.Invariant($"\"epsilon\": {epsilon}"), refusal.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(query with { Epsilon = epsilon * 1.0002, Error = null }));
        Answer answer = await host.AskAsync(query with { Epsilon = epsilon, Error = null });
        Assert.False(answer.Replayed);
        Assert.InRange(answer.Cost.NanoRho, refusal.LargestNanoRho * 0.999, refusal.LargestNanoRho);
        Assert.Equal(answer.Cost.NanoRho, (await host.ChargesAsync())[^2].NanoRho);
    }

    [Fact]
    public async Task The_suggestion_fits_every_account_and_not_only_the_one_that_is_named()
    {
        await using AnalyticsHost host = await StartAsync(o =>
        {
            o.Budgets.Dataset.Epsilon = 0.8;
            o.Budgets.Principal.Epsilon = 0.2;
        });
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Of("count")));
        Assert.Equal(AccountKind.Dataset, refusal.Account.Kind);
        Assert.InRange(refusal.LargestEpsilon!.Value, 0.19, 0.2);
        await host.AskAsync(Of("count") with { Epsilon = refusal.LargestEpsilon });
    }

    [Fact]
    public async Task A_suggestion_is_made_where_bounds_and_clamps_come_from_releases()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence, o => o.Budgets.Dataset.Epsilon = 6);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        await host.SettleAsync(
            dataset,
            [.. Enumerable.Range(0, 200).Select(i => Shop.Row(i, Shop.From.AddHours(i), "buy", "Graz", 3m))]);
        Answer contributions = await host.AskAsync(Shop.Count(new ExpressionKey("action")) with { Measures = [new Measure(MeasureFunction.Contributions)], Epsilon = 2 });
        Answer bounds = await host.AskAsync(Shop.Count() with { Measures = [new Measure(MeasureFunction.Bounds, "amount")], Epsilon = 2 });
        Query query = Shop.Count() with
        {
            Measures = [new Measure(MeasureFunction.Sum, "amount") { ClampRelease = bounds.ReleaseId }],
            ContributionRelease = contributions.ReleaseId,
            Epsilon = 10,
        };
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(query));
        double epsilon = Assert.IsType<double>(refusal.LargestEpsilon);
        Answer answer = await host.AskAsync(query with { Epsilon = epsilon });
        Assert.InRange(answer.Cost.NanoRho, refusal.LargestNanoRho * 0.999, refusal.LargestNanoRho);
    }

    [Theory]
    [InlineData(2e-7)]
    [InlineData(1e-15)]
    public async Task Where_the_delta_of_key_selection_is_short_a_smaller_one_is_suggested_that_fits(double left)
    {
        await using AnalyticsHost host = await StartAsync(o => o.Budgets.Dataset.Delta = left);
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Of("keys")));
        Assert.InRange(refusal.LargestDelta!.Value, left * 1.9, left * 2);
        Answer answer = await host.AskAsync(Of("keys") with { Epsilon = refusal.LargestEpsilon, Delta = refusal.LargestDelta });
        Assert.InRange(answer.Cost.AttoDelta, 1, (long)(left * 1e18));
    }

    [Fact]
    public async Task Where_nothing_fits_there_is_no_suggestion_but_the_time_when_more_comes()
    {
        await using AnalyticsHost host = await StartAsync(o =>
        {
            o.Budgets.Dataset = new AccountOptions { Epsilon = 0.5, WindowDays = 7 };
            o.Budgets.Principal = new AccountOptions { Epsilon = 0.5, WindowDays = 365 };
        });
        await host.AskAsync(Of("count") with { Epsilon = 0.5 });
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Of("mean")));
        Assert.Equal((null, null), (refusal.LargestEpsilon, refusal.LargestDelta));
        // Both are short: the later window decides, though the account that is named refills earlier.
        Assert.True(refusal.MoreAt > refusal.Account.WindowEnds);
        Assert.Contains("No epsilon fits", refusal.Message, StringComparison.Ordinal);

        host.Options.Budgets.Principal.WindowDays = null;
        refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => host.AskAsync(Of("mean")));
        Assert.Null(refusal.MoreAt);
    }

    private static Query Of(string shape) => (shape switch
    {
        "count" => Shop.Count(),
        "mean" => Shop.Count() with { Measures = [new Measure(MeasureFunction.Mean, "amount")] },
        "laplace" => Shop.Count() with { Mechanism = NoiseMechanism.DiscreteLaplace },
        "keys" => Shop.Count(new ExpressionKey("city")),
        "units" => Shop.Count(new ExpressionKey("city")) with { Measures = [new Measure(MeasureFunction.DistinctSubjects)] },
        "error" => Shop.Count() with { Error = new ErrorTarget(15, 0.95) },
        "several" => Shop.Count() with { Measures = [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Mean, "amount"), new Measure(MeasureFunction.Sum, "qty")] },
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    }) with { Epsilon = shape == "error" ? null : 3 };

    private static async Task<AnalyticsHost> StartAsync(Action<AnalyticsOptions> configure)
    {
        AnalyticsHost host = new(configure: configure);
        await host.DeclareAsync(Shop.Declaration());
        return host;
    }
}
