using System.Text.Json;
using CsCheck;
using Opaline.Analytics;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Queries.Sql;

public class SqlTextTests
{
    [Theory]
    [InlineData("SELECT count(*)  FROM shop -- bob\nWHERE city = 'bob' AND qty>1.5e3", "SELECT count(*) FROM shop WHERE city = ? AND qty>?")]
    [InlineData("SELECT /* bob /* x */ bob */ 1", "SELECT ?")]
    [InlineData("SELECT $$bob$$, $x$bob$$x$, E'\\'bob', 'it''s bob', x'ab'", "SELECT ?, ?, ?, ?, ?")]
    [InlineData("SELECT \"bob@example.com\", \"user\", a.b FROM \"s\"", "SELECT \"?\", \"user\", a.b FROM \"s\"")]
    [InlineData("SELECT bøb", "SELECT \"?\"")]
    public void What_is_logged_has_no_literal_no_comment_and_no_unusual_name(string sql, string logged) =>
        Assert.Equal(logged, new SqlText(sql).WithoutLiterals());

    [Theory]
    [InlineData("SELECT count(*) FROM shop WHERE city = O'Hara AND name = Bob", "SELECT COUNT(*) FROM ? WHERE ? = ??")]
    [InlineData("INSERT INTO shop VALUES ('Bob', 7, Bob)", "INSERT INTO ? VALUES (?, ?, ?)")]
    [InlineData("SELEC \"Bob\"", "? ?")]
    public void Of_a_text_that_is_no_question_only_keywords_are_logged(string sql, string logged)
    {
        Assert.Equal(logged, new SqlText(sql).Keywords(), ignoreCase: true);
        Assert.Equal(new SqlText(sql).Keywords(), Assert.Throws<QueryRefusedException>(() => SqlCorpus.Query(sql)).Text);
    }

    [Fact]
    public void A_question_that_is_refused_while_it_is_read_carries_its_text_without_literals() => Assert.Equal(
        "SELECT count(*) FROM shop WHERE city LIKE ?",
        Assert.Throws<QueryRefusedException>(() => SqlCorpus.Query("SELECT count(*) FROM shop WHERE city LIKE '%Bob'")).Text);

    [Theory]
    [InlineData("SELECT a.b.c FROM x", 7, 7, "a.b.c")]
    [InlineData("SELECT f(a.\"b c\") FROM x", 7, 9, "f(a.\"b c\")")]
    [InlineData("SELECT a . b FROM x", 7, 7, "a . b")]
    public void A_fragment_has_all_parts_of_a_name(string sql, int first, int last, string fragment) => Assert.Equal(fragment, new SqlText(sql).Fragment(first, last));

    [Fact]
    public void No_text_literal_that_the_parser_sees_is_logged()
    {
        using SqlParser parser = new();
        Gen.Select(Gen.OneOf("'", "E'", "$$", "$t$", "'a''", "'\\"), Gen.String[Gen.Char["aZ\\\"' -/*$;\n"], 0, 12], Gen.OneOf("'", "$$", "$t$", "''", "' -- '"))
            .Select((open, inside, close) => $"SELECT count(*) FROM shop WHERE city = {open}{inside}needle{inside}{close}")
            .Sample(
                sql =>
                {
                    string logged = new SqlText(sql).WithoutLiterals();
                    if (!logged.Contains("needle", StringComparison.Ordinal))
                        return;
                    // Then it was a name to the parser too, or no SQL at all, of which nothing is logged.
                    try
                    {
                        using JsonDocument tree = parser.Parse(sql);
                        Assert.DoesNotContain(Literals(tree.RootElement), l => l.Contains("needle", StringComparison.Ordinal));
                    }
                    catch (SqlSyntaxException)
                    {
                        return;
                    }
                },
                iter: 5_000);
    }

    private static IEnumerable<string> Literals(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Literals),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.NameEquals("value") && p.Value.ValueKind == JsonValueKind.String
            ? [p.Value.GetString()!]
            : Literals(p.Value)),
        _ => [],
    };
}
