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

    [Fact]
    public void No_text_literal_that_the_parser_sees_is_logged()
    {
        using SqlParser parser = new();
        Gen.Select(OneOf("'", "E'", "$$", "$t$", "'a''", "'\\"), Gen.String[Gen.Char["aZ\\\"' -/*$;\n"], 0, 12], OneOf("'", "$$", "$t$", "''", "' -- '"))
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

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IEnumerable<string> Literals(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Literals),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.NameEquals("value") && p.Value.ValueKind == JsonValueKind.String
            ? [p.Value.GetString()!]
            : Literals(p.Value)),
        _ => [],
    };
}
