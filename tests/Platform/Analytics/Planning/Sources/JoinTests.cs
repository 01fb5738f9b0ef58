using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning.Sources;

public class JoinTests
{
    private static readonly JoinSource OnSubject = new("shop", "visits");

    [Fact]
    public async Task Both_datasets_of_a_join_pay_in_full_and_the_scope_of_their_subjects_once()
    {
        await using AnalyticsHost host = new();
        await DeclareAsync(host);
        Answer answer = await host.AskAsync(Count(OnSubject));
        Assert.Equal(["shop", "visits", "research", "analyst"], answer.Cost.Accounts.Select(a => a.Name));
        Assert.All(answer.Cost.Accounts, a => Assert.Equal(answer.Cost.NanoRho, a.SpentNanoRho));
        List<(string Kind, long NanoRho, long Voucher)> charges = await host.ChargesAsync();
        Assert.Equal(["dataset", "dataset", "department", "principal", "scope"], charges.Select(c => c.Kind).Order(StringComparer.Ordinal));
        Assert.All(charges, c => Assert.Equal(answer.Cost.NanoRho, c.NanoRho));
    }

    [Fact]
    public async Task A_join_is_refused_if_the_second_dataset_cannot_pay()
    {
        await using AnalyticsHost host = new(configure: o => o.Budgets.Datasets["visits"] = new AccountOptions { Epsilon = 0.1 });
        await DeclareAsync(host);
        BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(
            () => host.AskAsync(Count(OnSubject)));
        Assert.Equal("visits", refusal.Account.Name);
        Assert.Empty(await host.ChargesAsync());
    }

    [Fact]
    public async Task A_dataset_joined_with_itself_pays_once_and_one_about_nobody_never()
    {
        await using AnalyticsHost host = new();
        await DeclareAsync(host);
        Answer itself = await host.AskAsync(Count(new JoinSource("shop", new DatasetSource("shop", "again"))));
        Answer cities = await host.AskAsync(Count(OnCity));
        Assert.Equal(["shop", "research", "analyst"], itself.Cost.Accounts.Select(a => a.Name));
        Assert.Equal(["shop", "research", "analyst"], cities.Cost.Accounts.Select(a => a.Name));
    }

    [Fact]
    public async Task Joined_rows_are_bounded_after_the_join_and_a_left_join_keeps_all_rows_of_the_first_side()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        (Dataset shop, Dataset visits, Dataset cities) = await DeclareAsync(host);
        DateTime time = Shop.From.AddDays(40);
        await host.SettleAsync(shop, [Shop.Row(1, time, "buy", "Graz", 1), Shop.Row(1, time, "buy", "Linz", 2), Shop.Row(2, time, "look", "Wien", 3)]);
        await host.SettleAsync(visits, [Shop.Row(1, time, "look", null, 4), Shop.Row(1, time, "look", null, 5), Shop.Row(3, time, "look")]);
        await host.SettleAsync(
            cities, [Shop.Row(7, time, "return", "Graz"), Shop.Row(7, time, "buy", "Wien"), Shop.Row(7, time, "look", "Wien"), Shop.Row(8, time, null, "Linz")]);
        // Subject 1 has two rows on each side, so four pairs, of which three count.
        Assert.Equal([("buy", 3m), ("look", 0), ("return", 0)], await RowsAsync(host, OnSubject, "shop.action"));
        Assert.Equal([("buy", 3m), ("look", 1), ("return", 0)], await RowsAsync(host, OnSubject with { Kind = JoinKind.Left }, "shop.action"));
        // Graz is one, Wien is in two rows, Linz has no action.
        Assert.Equal([("buy", 1m), ("look", 1), ("return", 1)], await RowsAsync(host, OnCity, "cities.action"));
    }

    [Theory]
    [InlineData(2, 316)]
    [InlineData(4, 17)]
    [InlineData(3, 46)]
    [InlineData(8, 4)]
    public async Task One_unit_makes_a_bounded_number_of_pairs_whatever_it_did(int sides, int kept)
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        (Dataset shop, _, _) = await DeclareAsync(host);
        await host.SettleAsync(shop, [.. Enumerable.Range(0, 400).Select(i => Shop.Row(1, Shop.From.AddDays(40).AddSeconds(i), "buy"))]);
        Source source = Enumerable.Range(1, sides - 1).Aggregate((Source)new DatasetSource("shop", "side0"), (left, i) => new JoinSource(left, new DatasetSource("shop", $"side{i}")));
        Query count = Count(source) with { Contribution = new ContributionBounds(1, QueryLimits.MaxBound) };
        Answer answer = await host.AskAsync(count);
        Assert.Equal((decimal)Math.Pow(kept, sides), answer.Rows[0].Values[0].Value);
        Assert.True(answer.Rows[0].Values[0].Value <= QueryLimits.MaxJoinedRows);
        Assert.Equal(kept, answer.Plan.RowsPerSide);
        QueryRefusedException refusal = await Assert.ThrowsAsync<QueryRefusedException>(() => host.Queries.PlanAsync(
            AnalyticsHost.Analyst,
            count with { Source = Enumerable.Range(sides, 9 - sides).Aggregate(source, (left, i) => new JoinSource(left, new DatasetSource("shop", $"side{i}"))) },
            CancellationToken.None));
        Assert.Equal(RefusalCodes.InvalidQuery, refusal.Code);
    }

    [Fact]
    public async Task Which_rows_of_a_unit_are_joined_does_not_depend_on_what_others_did_before()
    {
        Query some = Count(new JoinSource("shop", new DatasetSource("shop", "again"))) with
        {
            Contribution = new ContributionBounds(1, QueryLimits.MaxBound),
            Where = [Expression.Condition("shop.amount", Operation.Less, [Literal.Of(6m)])],
        };
        decimal[] counts = new decimal[3];
        for (int others = 0; others < counts.Length; others++)
        {
            await using AnalyticsHost host = new(AnalyticsHost.Silence);
            (Dataset shop, _, _) = await DeclareAsync(host);
            DateTime time = Shop.From.AddDays(40);
            await host.SettleAsync(
                shop,
                [.. Enumerable.Range(0, others).Select(i => Shop.Row(2 + i, time, "buy")), .. Enumerable.Range(0, 600).Select(i => Shop.Row(1, time.AddSeconds(i), "buy", null, i * 7 % 12))]);
            counts[others] = (await host.AskAsync(some)).Rows[0].Values[0].Value;
        }

        Assert.Equal([counts[0], counts[0], counts[0]], counts);
        Assert.InRange(counts[0], 1, 316 * 316 - 1);
    }

    [Fact]
    public async Task What_a_subject_did_in_one_period_leaves_its_rows_of_another_as_they_are()
    {
        Source source = new JoinSource(OnCity, new DatasetSource("shop", "again"));
        decimal[] counts = new decimal[2];
        for (int before = 0; before < counts.Length; before++)
        {
            await using AnalyticsHost host = new(AnalyticsHost.Silence);
            (Dataset shop, _, Dataset cities) = await DeclareAsync(host, PrivacyUnit.SubjectPerDay);
            DateTime day = Shop.From.AddDays(40);
            await host.SettleAsync(cities, [Shop.Row(7, day, "buy", "Graz")]);
            await host.SettleAsync(
                shop,
                [.. Enumerable.Range(0, 46 * before).Select(i => Shop.Row(1, day.AddDays(-1).AddSeconds(i), "buy", "Graz")), .. Enumerable.Range(0, 46).Select(i => Shop.Row(1, day.AddSeconds(i), "buy", "Graz"))]);
            Query byDay = Count(source) with { GroupBy = [new PeriodKey(Period.Day)], Contribution = new ContributionBounds(1, QueryLimits.MaxBound), From = RangeEdge.At(day.AddDays(-1)), To = RangeEdge.At(day.AddDays(1)) };
            counts[before] = (await host.AskAsync(byDay)).Rows[1].Values[0].Value;
        }

        Assert.Equal([46m * 46, 46 * 46], counts);
    }

    [Fact]
    public async Task A_row_meets_a_bounded_number_of_rows_about_nobody()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        (Dataset shop, _, Dataset cities) = await DeclareAsync(host);
        DateTime time = Shop.From.AddDays(40);
        // No row of a subject is lost: what it has is its own.
        await host.SettleAsync(shop, [.. Enumerable.Range(0, 400).Select(i => Shop.Row(1, time.AddSeconds(i), "buy", i == 0 ? "Graz" : "Wien"))]);
        await host.SettleAsync(cities, [Shop.Row(7, time, "look", "Wien"), .. Enumerable.Range(0, 1_200).Select(_ => Shop.Row(7, time, "buy", "Graz"))]);
        Query count = Count(OnCity) with { Contribution = new ContributionBounds(1, QueryLimits.MaxBound) };
        Answer answer = await host.AskAsync(count);
        Assert.Equal(399 + QueryLimits.MaxMatches, answer.Rows[0].Values[0].Value);
    }

    [Fact]
    public void Joins_that_would_not_hold_their_bounds_are_refused()
    {
        Dataset shop = Shop.Dataset();
        Refused(OnSubject, "$.join", shop, Other(shop) with { SubjectScope = "others" });
        Refused(OnSubject, "$.join", shop, Other(shop) with { Unit = PrivacyUnit.SubjectPerDay });
        Refused(OnSubject, "$.join", shop, Other(shop) with { TimeZone = "Europe/Vienna" });
        Refused(OnSubject with { On = new JoinColumns("shop.city", "city") }, "$.join.on", shop, Other(shop));
        Refused(OnSubject with { Kind = (JoinKind)7 }, "$.join", shop, Other(shop));
        // The preserved side would be about nobody.
        Refused(OnSubject with { Kind = JoinKind.Left }, "$.dataset", shop with { SubjectScope = Dataset.Nobody }, Other(shop));
        Refused(OnSubject, "$.join.on", shop, Other(shop) with { SubjectScope = Dataset.Nobody });
        Refused("shop", "$.dataset", shop with { SubjectScope = Dataset.Nobody }, Other(shop));
        Dataset daily = shop with { Unit = PrivacyUnit.SubjectPerDay };
        Refused(OnSubject with { Right = new SubjectSource("visits", [new("n", SubjectFunction.Count, null, new ClampRange(0, 5))]) }, "$.join", daily, Other(daily));
    }

    [Fact]
    public void A_full_join_is_no_query()
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(
            """{"dataset":"shop","join":[{"dataset":"visits","kind":"full"}],"measures":[{"function":"count"}]}"""));
        Assert.Equal(RefusalCodes.JoinNotAllowed, refusal.Code);
        Assert.Equal("$.join[0].kind", refusal.Path);
    }

    [Theory]
    [InlineData("shop.user", RefusalCodes.FieldNotAllowed)]
    [InlineData("shop.guessed", RefusalCodes.UnknownField)]
    [InlineData("visits.guessed", RefusalCodes.UnknownField)]
    [InlineData("visits.email", RefusalCodes.FieldNotAllowed)]
    [InlineData("city", RefusalCodes.UnknownField)]
    public void A_joined_field_may_be_asked_for_as_it_may_alone(string field, string code)
    {
        Dataset shop = Shop.Dataset();
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(
            () => Plan(Count(OnSubject) with { GroupBy = [new ExpressionKey(field)] }, shop, Other(shop)));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void Dataset_versions_and_the_kind_of_a_join_are_part_of_the_plan_hash()
    {
        Dataset shop = Shop.Dataset();
        string[] hashes =
        [
            Plan(Count("shop"), shop, Other(shop)).HashText,
            Plan(Count(OnSubject), shop, Other(shop)).HashText,
            Plan(Count(OnSubject with { Kind = JoinKind.Left }), shop, Other(shop)).HashText,
            Plan(Count(OnSubject), shop, Other(shop) with { Version = 2 }).HashText,
            Plan(Count(OnSubject), shop, Other(shop) with { Id = 9 }).HashText,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[1], Plan(Count(OnSubject), shop, Other(shop)).HashText);
    }

    [Fact]
    public void A_field_that_was_only_seen_in_traffic_changes_no_plan_of_a_join()
    {
        Dataset shop = Shop.Dataset();
        Dataset seen = shop with { Fields = shop.Fields.Insert(3, shop.Find("guessed")! with { Id = 99, Name = "seen_now" }) };
        Query query = Count(OnSubject) with { Where = [Expression.Condition("visits.city", Operation.Equal, [Literal.Of("Graz")])], GroupBy = [new ExpressionKey("visits.action")] };
        Assert.Equal(Plan(query, shop, Other(shop)).HashText, Plan(query, seen, Other(seen)).HashText);
    }

    private static JoinSource OnCity => new("shop", "cities", JoinKind.Inner, new JoinColumns("shop.city", "cities.city"));

    private static Query Count(Source source) => new(source, [new Measure(MeasureFunction.Count)]) { Contribution = new ContributionBounds(3, 3) };

    private static Dataset Other(Dataset shop) => shop with { Id = 2, Name = "visits" };

    private static QueryPlan Plan(Query query, Dataset shop, Dataset visits) =>
        Shop.Plan(query, (name, _) => name == "shop" ? shop : visits);

    private static void Refused(Source source, string path, Dataset shop, Dataset visits)
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => Plan(Count(source), shop, visits));
        Assert.Equal(RefusalCodes.JoinNotAllowed, refusal.Code);
        Assert.Equal(path, refusal.Path);
    }

    private static async Task<(string, decimal)[]> RowsAsync(AnalyticsHost host, Source source, string key)
    {
        Answer answer = await host.AskAsync(Count(source) with { GroupBy = [new ExpressionKey(key)] });
        return [.. answer.Rows.Select(r => (r.Keys[0], r.Values[0].Value))];
    }

    private static async Task<(Dataset Shop, Dataset Visits, Dataset Cities)> DeclareAsync(
        AnalyticsHost host, PrivacyUnit unit = PrivacyUnit.Subject) => (
        await host.DeclareAsync(Shop.Declaration() with { Unit = unit }),
        await host.DeclareAsync(Shop.Declaration(name: "visits") with { Unit = unit }),
        await host.DeclareAsync(Shop.Declaration(name: "cities") with { SubjectScope = Dataset.Nobody }));
}
