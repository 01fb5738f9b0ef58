using System.Text.RegularExpressions;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

/// <summary>docs/SQL.md: its queries are planned, or refused with the code that they name.</summary>
public partial class SqlPageTests
{
    private static readonly SqlParser Parser = new();

    public static TheoryData<string> Queries =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "SQL.md"))).Select(m => m.Groups["sql"].Value.Trim())];

    [Fact]
    public void The_page_has_queries_of_both_kinds()
    {
        string[] queries = [.. Queries.Select(q => q.Data)];
        Assert.True(queries.Count(q => CodeOf(q) is null) >= 5);
        Assert.True(queries.Count(q => CodeOf(q) is not null) >= 3);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_of_the_page_is_planned_or_refused_as_it_says(string sql)
    {
        if (CodeOf(sql) is { } code)
            Assert.Equal(code, Assert.Throws<QueryRefusedException>(() => Plan(sql)).Code);
        else
            Plan(sql);
    }

    private static void Plan(string sql)
    {
        Query query = SqlQueries.Read(Parser, sql, new Query("", []), Find);
        QueryPlan plan = Shop.Plan(query, (name, _) => Find(name)!);
        PlannedPresentation.Of(plan, query.Presentation);
    }

    private static Dataset? Find(string name) => name switch
    {
        "events" => Named(Shop.Dataset() with { Name = name }, ("user", "user_id"), ("time", "timestamp"), ("amount", "metadata.amount"), ("city", "metadata.country")),
        "countries" => Named(Shop.Dataset(id: 2) with { Name = name, SubjectScope = Dataset.Nobody }, ("city", "code"), ("action", "continent")),
        _ => null,
    };

    private static Dataset Named(Dataset dataset, params (string From, string To)[] names) => dataset with
    {
        Fields = [.. dataset.Fields.Select(f => f with { Name = names.FirstOrDefault(n => n.From == f.Name).To ?? f.Name })],
    };

    private static string? CodeOf(string sql) => Code().Match(sql) is { Success: true } match ? match.Groups["code"].Value : null;

    [GeneratedRegex(@"^```sql\r?\n(?<sql>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\A-- code: (?<code>[a-z_]+)")]
    private static partial Regex Code();
}
