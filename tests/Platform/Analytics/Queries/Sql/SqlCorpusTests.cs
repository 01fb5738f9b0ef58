using CsCheck;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

public class SqlCorpusTests
{
    // What an engine would say; none of it may leave.
    private static readonly string[] EngineWords =
        ["Parser Error", "Binder Error", "Catalog Error", "at or near", "LINE 1", "DuckDB", "duckdb", "memory exhausted", "max_expression_depth", "System.", "   at "];

    public static TheoryData<string> Accepted => [.. SqlCorpus.Accepted];

    public static TheoryData<string> Refused => [.. SqlCorpus.Refused];

    [Fact]
    public void The_corpus_is_there()
    {
        Assert.True(SqlCorpus.Accepted.Count() >= 180);
        Assert.True(SqlCorpus.Refused.Count() >= 260);
        Assert.All(SqlCorpus.Accepted, name => Assert.NotNull(SqlCorpus.Read("accepted", name).Json));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void SQL_and_JSON_of_a_question_are_one_plan(string name)
    {
        SqlCase asked = SqlCorpus.Read("accepted", name);
        Query sql = SqlCorpus.Query(asked.Sql);
        Query json = QueryJson.Parse(asked.Json!);
        QueryPlan plan = SqlCorpus.Plan(sql);
        Assert.Equal(SqlCorpus.Plan(json).HashText, plan.HashText);
        PlannedPresentation.Of(plan, sql.Presentation);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void The_JSON_form_of_an_SQL_query_is_the_same_query(string name)
    {
        Query sql = SqlCorpus.Query(SqlCorpus.Read("accepted", name).Sql);
        string written = QueryJson.Write(sql);
        Query read = QueryJson.Parse(written);
        Assert.Equal(written, QueryJson.Write(read));
        Assert.Equal(SqlCorpus.Plan(sql).HashText, SqlCorpus.Plan(read).HashText);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_answered_is_refused_with_its_code_and_fragment(string name)
    {
        SqlCase asked = SqlCorpus.Read("refused", name);
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => Ask(asked.Sql));
        Assert.Equal(asked.Code, refusal.Code);
        Assert.NotEmpty(refusal.Message);
        Assert.DoesNotContain(EngineWords, w => refusal.Message.Contains(w, StringComparison.Ordinal));
        if (asked.Fragment is not null)
            Assert.Equal(asked.Fragment, refusal.Path);
        Assert.True(refusal.Path!.StartsWith('$') || asked.Sql.Contains(refusal.Path, StringComparison.Ordinal), refusal.Path);
    }

    [Fact]
    public void An_unknown_field_and_an_unconfirmed_one_are_the_same()
    {
        foreach (string sql in (string[])["SELECT sum(guessed) FROM shop", "SELECT guessed, count(*) FROM shop GROUP BY guessed", "SELECT count(*) AS guessed FROM shop GROUP BY guessed", "SELECT count(*) FROM shop ORDER BY guessed"])
        {
            QueryRefusedException unconfirmed = Assert.Throws<QueryRefusedException>(() => Ask(sql));
            QueryRefusedException unknown = Assert.Throws<QueryRefusedException>(() => Ask(sql.Replace("guessed", "guesses", StringComparison.Ordinal)));
            Assert.Equal((unknown.Code, unknown.Message, unknown.Path), (unconfirmed.Code, unconfirmed.Message, unconfirmed.Path?.Replace("guessed", "guesses", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_redefined_column_has_the_bounds_of_its_new_definition()
    {
        // amount is in [-2, 6]; the bounds of the name would be a hundred times too small.
        QueryPlan redefined = Shop.Plan(SqlCorpus.Query("WITH t AS (SELECT amount * 100 AS amount FROM shop) SELECT sum(amount) FROM t"));
        Assert.Equal(Shop.Plan(SqlCorpus.Query("SELECT sum(amount * 100) FROM shop")).HashText, redefined.HashText);
        Assert.Equal((-200m, 600m), (redefined.Components[0].Shape.Grid!.LowerValue, redefined.Components[0].Shape.Grid!.UpperValue));
        // Groups are those of the key as it is now: κ of them count, whatever they were made of.
        QueryPlan coarser = Shop.Plan(SqlCorpus.Query("WITH t AS (SELECT left(city, 1) AS city FROM shop) SELECT city, count(*) FROM t GROUP BY city"));
        Assert.Equal(Shop.Plan(SqlCorpus.Query("SELECT left(city, 1) AS city, count(*) FROM shop GROUP BY 1")).HashText, coarser.HashText);
        Assert.True(coarser.Nesting.Ranked);
    }

    [Fact]
    public void Arbitrary_text_is_refused_and_never_more() =>
        Gen.OneOf(Gen.String, Gen.Byte.Array.Select(System.Text.Encoding.Latin1.GetString)).Sample(OnlyRefuses, iter: 2_000);

    [Fact]
    public void Mutated_queries_are_answered_or_refused_and_never_more()
    {
        string[] corpus = [.. SqlCorpus.Accepted.Select(n => SqlCorpus.Read("accepted", n).Sql), .. SqlCorpus.Refused.Select(n => SqlCorpus.Read("refused", n).Sql)];
        Gen.Select(Gen.Int[0, corpus.Length - 1], Gen.Int[0, corpus.Length - 1], Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, 20])
            .Select((i, j, at, from, length) =>
            {
                string x = corpus[i];
                string y = corpus[j];
                int cut = Math.Min(at, x.Length);
                int start = Math.Min(from, y.Length);
                return string.Concat(x.AsSpan(0, cut), y.AsSpan(start, Math.Min(length, y.Length - start)), x.AsSpan(Math.Min(cut + (length / 2), x.Length)));
            })
            .Sample(OnlyRefuses, iter: 5_000);
    }

    [Theory]
    [InlineData("(", 30_000)]
    [InlineData("not ", 15_000)]
    [InlineData("1+", 20_000)]
    [InlineData("case when ", 5_000)]
    [InlineData("x::int::", 8_000)]
    [InlineData("[", 30_000)]
    [InlineData("a.", 30_000)]
    [InlineData("1 union select ", 4_000)]
    public void Deep_and_long_texts_are_refused(string part, int times) =>
        Assert.Throws<QueryRefusedException>(() => Ask("SELECT " + string.Concat(Enumerable.Repeat(part, times)) + "1 FROM shop"));

    [Fact]
    public void A_text_beyond_the_limit_is_refused_unread() =>
        Assert.Throws<QueryRefusedException>(() => Ask("SELECT count(*) FROM shop -- " + new string('x', QueryLimits.MaxBytes)));

    [Fact]
    public void Names_that_stand_for_ever_more_are_refused_before_they_grow()
    {
        string sql = "WITH c0 AS (SELECT qty AS x FROM shop)"
            + string.Concat(Enumerable.Range(1, 30).Select(i => $", c{i} AS (SELECT x + x AS x FROM c{i - 1})")) + " SELECT sum(x) FROM c30";
        Assert.Equal(RefusalCodes.InvalidQuery, Assert.Throws<QueryRefusedException>(() => Ask(sql)).Code);
    }

    [Fact]
    public void Joins_of_names_that_stand_for_ever_more_are_refused_before_they_grow()
    {
        string sql = "WITH c0 AS (SELECT \"user\" FROM shop)"
            + string.Concat(Enumerable.Range(1, 200).Select(i => $", c{i} AS (SELECT a.\"user\" FROM c{i - 1} a JOIN c{i - 1} b USING (\"user\") GROUP BY a.\"user\")")) + " SELECT count(*) FROM c200";
        Assert.Equal(RefusalCodes.InvalidQuery, Assert.Throws<QueryRefusedException>(() => Ask(sql)).Code);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM {0}", "shop a, visits b")]
    [InlineData("SELECT count(*) FROM {0}", "shop CROSS JOIN visits")]
    [InlineData("SELECT count(*) FROM shop a JOIN visits b {0}", "ON a.city = b.city")]
    [InlineData("SELECT count(*) FROM days a JOIN days b {0}", "USING (\"user\")")]
    [InlineData("SELECT avg(n) FROM (SELECT \"user\", count(*) AS n FROM shop {0}) WHERE n > 2", "GROUP BY city")]
    public void The_form_that_a_refused_join_or_subquery_suggests_is_accepted_in_its_place(string frame, string part)
    {
        string sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, part);
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => Ask(sql));
        Assert.NotNull(refusal.Suggestion);
        string suggested = string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, " " + refusal.Suggestion).Replace("avg(n)", "count(*)", StringComparison.Ordinal);
        Ask(suggested);
    }

    private static void Ask(string sql)
    {
        Query query = SqlCorpus.Query(sql);
        PlannedPresentation.Of(SqlCorpus.Plan(query), query.Presentation);
    }

    private static void OnlyRefuses(string sql)
    {
        try
        {
            Query query = SqlCorpus.Query(sql);
            PlannedPresentation.Of(SqlCorpus.Plan(query), query.Presentation);
        }
        catch (QueryRefusedException refusal)
        {
            Assert.DoesNotContain(EngineWords, w => refusal.Message.Contains(w, StringComparison.Ordinal));
        }
    }
}
