using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Answers;

/// <summary>Attacks by questions: each wants one person's row out of answers that are private one by one.</summary>
public class QueryAttackTests
{
    private static readonly Query Everybody = Shop.Count();

    private static readonly Query NotInWien = Everybody with { Where = [Expression.Condition("city", Operation.NotEqual, [Literal.Of("Wien")])] };

    [Fact]
    public async Task Averaging_the_same_question_learns_nothing_new_for_nothing_and_ends_with_the_budget()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Everybody);
        for (int i = 0; i < 20; i++)
            Assert.Equal(first.Rows[0].Values[0], (await host.AskAsync(Everybody)).Rows[0].Values[0]);

        List<Answer> fresh = [first];
        BudgetExhaustedException end = await Assert.ThrowsAsync<BudgetExhaustedException>(async () =>
        {
            while (fresh.Count < 1_000)
                fresh.Add(await host.AskAsync(Everybody, fresh: true));
        });
        // The mean of n answers has a variance of Δ²/(2nρ): no less than one answer for the whole budget would have had.
        long spent = fresh.Count * first.Cost.NanoRho;
        Assert.InRange(spent, end.Account.LimitNanoRho - first.Cost.NanoRho, end.Account.LimitNanoRho);
        Assert.Equal(spent, end.Account.SpentNanoRho);
        Assert.True(fresh.Select(a => a.Rows[0].Values[0].Value).Distinct().Count() > 1);
    }

    [Fact]
    public async Task Differencing_two_answers_meets_two_noises_and_pays_twice()
    {
        List<double> drawn = [];
        await using AnalyticsHost host = await StartAsync((scale, noise) =>
        {
            drawn.Add(scale.Sigma);
            scale.Law.Fill(noise);
        });
        // One person lives in Wien: the difference of the two counts is that person's row.
        Answer all = await host.AskAsync(Everybody);
        Answer others = await host.AskAsync(NotInWien);
        Assert.Equal(2, drawn.Count);
        Assert.Equal(all.Cost.NanoRho + others.Cost.NanoRho, others.Cost.Accounts[0].SpentNanoRho);
        Assert.All(drawn, sigma => Assert.InRange(sigma, 1, 1e6));
    }

    [Fact]
    public async Task A_tracker_pays_for_each_of_its_questions()
    {
        await using AnalyticsHost host = await StartAsync();
        // count(A) = count(A or T) + count(A or not T) - count(all): Denning, Denning, Schwartz, The Tracker (TODS 1979).
        long cost = 0;
        foreach (string[] cities in (string[][])[["Wien", "Graz"], ["Wien", "Linz"], ["Wien", "Graz", "Linz"]])
        {
            Answer answer = await host.AskAsync(Everybody with { Where = [Expression.Condition("city", Operation.In, [.. cities.Select(Literal.Of)])] });
            cost += answer.Cost.NanoRho;
            Assert.Equal(cost, answer.Cost.Accounts[0].SpentNanoRho);
        }
    }

    [Fact]
    public async Task The_same_question_in_other_words_is_the_same_release()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer one = await host.AskAsync(Everybody with { Where = [Expression.Condition("city", Operation.In, [Literal.Of("Wien"), Literal.Of("Graz")])] });
        Answer other = await host.AskAsync(Everybody with { Where = [Expression.Condition("city", Operation.In, [Literal.Of("Graz"), Literal.Of("Wien"), Literal.Of("Graz")])] });
        Assert.True(other.Replayed);
        Assert.Equal(one.ReleaseId, other.ReleaseId);
    }

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(
            dataset,
            [Shop.Row(1, noon, "buy", "Wien", 5m), Shop.Row(2, noon, "buy", "Graz", 7m), Shop.Row(3, noon, "look", "Linz", null)]);
        return host;
    }
}
