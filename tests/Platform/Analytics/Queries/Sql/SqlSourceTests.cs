using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

/// <summary>Joins and subqueries in SQL, as the engines answer them where no noise is drawn.</summary>
public class SqlSourceTests
{
    [Fact]
    public async Task Subjects_are_counted_by_what_their_rows_come_to()
    {
        await using AnalyticsHost host = await StartAsync();
        // 1 has three rows, 2 two, 3 and 4 one each; the amount of 4 is missing.
        Assert.Equal([2m], await ValuesAsync(host, "SELECT count(*) FROM (SELECT \"user\", count(*) AS n FROM shop GROUP BY \"user\") t WHERE n >= 2"));
        Assert.Equal([4m], await ValuesAsync(host, "SELECT count(DISTINCT u) FROM (SELECT \"user\" AS u FROM shop GROUP BY u)"));
        Assert.Equal([1m], await ValuesAsync(host, "SELECT count(*) FROM (SELECT \"user\" FROM shop GROUP BY \"user\" HAVING sum(amount) >= 6)"));
        Assert.Equal([1m], await ValuesAsync(host, "SELECT count(*) FROM (SELECT \"user\", sum(amount) AS s FROM shop GROUP BY \"user\") WHERE s IS NULL"));
        Assert.Equal([7m], await ValuesAsync(host, "SELECT sum(least(n, 100)) FROM (SELECT \"user\", count(*) AS n FROM shop GROUP BY \"user\")"));
        Assert.Equal([6m], await ValuesAsync(host, "SELECT sum(n) FROM (SELECT \"user\", least(count(*), 2) AS n FROM shop GROUP BY \"user\")"));
        // Sums are -1 + 7.5, 1 and 2; SQL's least leaves what is missing out, so that of 4 is 5.
        Assert.Equal([13m], await ValuesAsync(host, "SELECT sum(least(greatest(0, s), 5)) FROM (SELECT \"user\", least(5, sum(amount)) AS s FROM shop GROUP BY \"user\")"));
        Assert.Equal([2m, 1, 1], await ValuesAsync(host, "SELECT n, count(*) FROM (SELECT \"user\", least(count(*), 3) AS n FROM shop GROUP BY \"user\") GROUP BY n HAVING count(*) > 0 ORDER BY n"));
        Assert.Equal([4m], await ValuesAsync(host, "SELECT count(*) FROM (SELECT \"user\", action, count(*) AS n FROM shop GROUP BY 1, 2) WHERE n = 1"));
    }

    [Fact]
    public async Task Pairs_of_rows_are_counted_as_SQL_makes_them()
    {
        await using AnalyticsHost host = await StartAsync();
        // 1 has two visits, 3 one.
        Assert.Equal([7m], await ValuesAsync(host, "SELECT count(*) FROM shop a JOIN visits b USING (\"user\")"));
        Assert.Equal([10m, 7], await ValuesAsync(host, "SELECT count(*), count(b.action) FROM shop a LEFT JOIN visits b ON a.\"user\" = b.\"user\""));
        Assert.Equal([10m], await ValuesAsync(host, "SELECT count(*) FROM visits b RIGHT JOIN shop a ON a.\"user\" = b.\"user\""));
        Assert.Equal([1m], await ValuesAsync(host, "SELECT count(*) FROM shop a JOIN visits b ON a.\"user\" = b.\"user\" AND a.action = b.action"));
        Assert.Equal([2m], await ValuesAsync(host, "SELECT count(*) FROM cities c JOIN shop s ON c.city = s.city WHERE c.vip"));
        Assert.Equal([4m], await ValuesAsync(host, "SELECT count(*) FROM shop s LEFT JOIN cities c ON s.city = c.city WHERE c.vip IS NULL"));
        Assert.Equal([6m], await ValuesAsync(host, "SELECT sum(least(t.n, 9)) FROM visits v JOIN (SELECT \"user\", count(*) AS n FROM shop WHERE action = 'buy' GROUP BY \"user\") t USING (\"user\") WHERE t.n > 1 OR v.action = 'look'"));
        Assert.Equal([1m], await ValuesAsync(host, "WITH a AS (SELECT \"user\", count(*) AS n FROM shop GROUP BY \"user\"), b AS (SELECT \"user\", count(*) AS n FROM visits GROUP BY \"user\") SELECT count(*) FROM a JOIN b USING (\"user\") WHERE a.n > b.n"));
    }

    private static async Task<decimal[]> ValuesAsync(AnalyticsHost host, string sql)
    {
        Query query = SqlCorpus.Query(sql) with { Contribution = new ContributionBounds(20, 20) };
        Answer answer = await host.AskAsync(query);
        return [.. answer.Table.Rows.SelectMany(r => r.Values.Select(v => v!.Value))];
    }

    private static async Task<AnalyticsHost> StartAsync()
    {
        AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset shop = await host.DeclareAsync(Shop.Declaration());
        Dataset visits = await host.DeclareAsync(Shop.Declaration(name: "visits"));
        Dataset cities = await host.DeclareAsync(Shop.Declaration(name: "cities") with { SubjectScope = Dataset.Nobody });
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(shop,
        [
            Shop.Row(1, noon, "buy", "Wien", 5m), Shop.Row(1, noon, "buy", "Graz", 2.5m), Shop.Row(1, noon, "buy", "Linz", -1m),
            Shop.Row(2, noon, "buy", "Graz", 1m), Shop.Row(2, noon, "look", null, null), Shop.Row(3, noon, "buy", null, 2m), Shop.Row(4, noon, "buy", null, null),
        ]);
        await host.SettleAsync(visits, [Shop.Row(1, noon, "return"), Shop.Row(1, noon, "look"), Shop.Row(3, noon, "buy")]);
        await host.SettleAsync(cities, [Shop.Row(8, noon, "buy", "Graz", null, true), Shop.Row(8, noon, "buy", "Wien", null, false)]);
        return host;
    }
}
