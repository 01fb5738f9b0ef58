using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Queries.Json;

public class QueryJsonTests
{
    private const string Full =
        """
        {"dataset":"shop","measures":[{"function":"mean","field":"amount","name":"spent","clamp":[0,5.5]},{"function":"count"}],"where":[{"field":"city","op":"in","values":["Wien","Graz"]},{"field":"vip","op":"eq","value":true},{"field":"score","op":"lt","value":0.25},{"field":"born","op":"is_null"}],"group_by":[{"period":"week"},{"field":"action"}],"from":"2024-01-01","to":"2024-06-30T22:00:00Z","time_zone":"Europe/Vienna","contribution":{"groups":3,"rows_per_group":2},"epsilon":0.5,"delta":1E-06,"mechanism":"discrete_gaussian"}
        """;

    [Fact]
    public void The_canonical_form_is_what_it_is_read_from() => Assert.Equal(Full, QueryJson.Write(QueryJson.Parse(Full)));

    [Fact]
    public void Equal_queries_have_one_form_however_they_are_spelt()
    {
        Query loose = QueryJson.Parse(
            """
            { "measures": [ { "function": "count", "field": null } ], "dataset": "shop",
              "where": [ { "value": 1.50, "op": "eq", "field": "score" } ], "to": "2024-02-01T01:00:00+01:00" }
            """);
        Assert.Equal(
            """{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"score","op":"eq","value":1.5}],"to":"2024-02-01T00:00:00Z"}""",
            QueryJson.Write(loose));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("{", "$")]
    [InlineData("[]", "$")]
    [InlineData("""{"dataset":"shop"}""", "$.measures")]
    [InlineData("""{"dataset":"shop","measures":[]}""", "$.measures")]
    [InlineData("""{"dataset":7,"measures":[{"function":"count"}]}""", "$.dataset")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"wher":[]}""", "$")]
    [InlineData("""{"dataset":"shop","dataset":"shop","measures":[{"function":"count"}]}""", "$")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"median"}]}""", "$.measures[0].function")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"rate"}]}""", "$.measures[0].function")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"sum","clamp":[1]}]}""", "$.measures[0].clamp")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"sum","clamp":[1,"2"]}]}""", "$.measures[0].clamp[1]")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"like","value":"x"}]}""", "$.where[0].op")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"eq"}]}""", "$.where[0].value")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"eq","value":{"x":1}}]}""", "$.where[0].value")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"in","value":"x"}]}""", "$.where[0].value")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"in","values":[]}]}""", "$.where[0].values")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"eq","value":"x\u0000"}]}""", "$.where[0].value")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"where":[{"field":"a","op":"eq","value":"\ud800"}]}""", "$.where[0].value")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"group_by":[{"field":"a","period":"day"}]}""", "$.group_by[0]")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"group_by":[{"period":"year"}]}""", "$.group_by[0].period")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"from":"yesterday"}""", "$.from", RefusalCodes.InvalidRange)]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"to":"2024-01-01T00:00:00"}""", "$.to", RefusalCodes.InvalidRange)]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"epsilon":"1"}""", "$.epsilon", RefusalCodes.InvalidEpsilon)]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"epsilon":1,"error":{"absolute":5}}""", "$.error")]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"contribution":{"groups":1.5,"rows_per_group":1}}""", "$.contribution.groups", RefusalCodes.InvalidBounds)]
    [InlineData("""{"dataset":"shop","measures":[{"function":"count"}],"mechanism":"none"}""", "$.mechanism")]
    public void A_text_that_is_no_query_is_refused_with_its_path(string text, string path, string code = RefusalCodes.InvalidQuery)
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(text));
        Assert.Equal(code, refusal.Code);
        Assert.Equal(path, refusal.Path);
        Assert.NotEmpty(refusal.Message);
    }

    [Fact]
    public void Deep_and_long_texts_are_refused_unread()
    {
        Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(new string('[', 10_000)));
        Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(new string(' ', QueryLimits.MaxBytes + 1)));
    }

    [Theory]
    [InlineData("\"seed\":1")]
    [InlineData("\"noise\":false")]
    [InlineData("\"debug\":true")]
    [InlineData("\"exact\":true")]
    [InlineData("\"mechanism\":\"exact\"")]
    [InlineData("\"delta\":\"1/n\"")]
    public void No_question_can_ask_for_less_or_for_chosen_noise(string property) => Assert.Throws<QueryRefusedException>(
        () => QueryJson.Parse($$"""{"dataset":"shop","measures":[{"function":"count"}],{{property}}}"""));

    [Fact]
    public void A_refusal_repeats_nothing_of_the_request()
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(
            () => QueryJson.Parse("""{"dataset":"shop","measures":[{"function":"count"}],"bob@example.com":1}"""));
        Assert.DoesNotContain("bob", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_query_survives_writing_and_reading() => Generator.Sample(q => QueryJson.Write(QueryJson.Parse(QueryJson.Write(q))) == QueryJson.Write(q));

    private static Gen<Expression> Expressions { get; } = Gen.Recursive<Expression>((depth, inner) => depth == 4
        ? Gen.String.AlphaNumeric.Select(name => (Expression)Expression.Field(name))
        : Gen.OneOf(
            Gen.String.AlphaNumeric.Select(name => (Expression)Expression.Field(name)),
            Gen.Decimal.Select(number => (Expression)Expression.Constant(Literal.Of(number))),
            Gen.Bool.Select(flag => (Expression)Expression.Constant(Literal.Of(flag))),
            Gen.Select(Gen.Enum<Operation>(), inner.Array[1, 3], (op, arguments) => (Expression)new OperationExpression(op, [.. arguments]))));

    private static Gen<Query> Generator { get; } =
        from text in Gen.String[Gen.Char[' ', '\ud7ff'], 0, 8]
        from number in Gen.Decimal
        from epsilon in Gen.Double[1e-9, 100]
        from op in Gen.Enum<Operation>()
        from function in Gen.Enum<MeasureFunction>().Where(f => f != MeasureFunction.Rate)
        from period in Gen.Enum<Period>()
        from day in Gen.Date
        from kappa in Gen.Int
        from expression in Expressions
        from key in Expressions
        select new Query(text, [Points(new Measure(function, expression, text, new ClampRange(number, number)) { Filter = key }, number)])
        {
            Where = [Expression.Condition(text, op, op is Operation.IsNull or Operation.IsNotNull ? [] : [Literal.Of(number)]), expression],
            GroupBy = [new PeriodKey(period), new ExpressionKey(text), new ExpressionKey(key, text)],
            From = RangeEdge.On(DateOnly.FromDateTime(day)),
            To = RangeEdge.At(new DateTimeOffset(day.Date, TimeSpan.Zero)),
            TimeZone = text,
            Contribution = new ContributionBounds(kappa, kappa),
            Epsilon = double.IsFinite(epsilon) ? epsilon : 1,
            Mechanism = NoiseMechanism.DiscreteLaplace,
        };

    private static Measure Points(Measure measure, decimal point) =>
        measure.Function is MeasureFunction.Quantiles or MeasureFunction.Histogram ? measure with { Points = [point] } : measure;
}
