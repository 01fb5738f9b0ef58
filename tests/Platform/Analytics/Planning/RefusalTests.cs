using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>What is refused is refused from request and catalog alone, with a stable code and the place.</summary>
public class RefusalTests
{
    private static readonly Query Good = Shop.Count();

    [Theory]
    [InlineData("nothing")]
    [InlineData("guessed")]
    [InlineData("")]
    [InlineData("x'; DROP TABLE dataset_1; --")]
    public void Unknown_and_unconfirmed_fields_are_refused_alike_wherever_they_stand(string field)
    {
        Query[] queries =
        [
            Good with { GroupBy = [new ExpressionKey(field)] },
            Good with { Where = [Expression.Condition(field, Operation.IsNull, [])] },
            new Query("shop", [new Measure(MeasureFunction.Sum, field)]),
        ];
        string[] paths = ["$.group_by[0].field", "$.where[0].field", "$.measures[0].field"];
        string expected = Refusal(Good with { GroupBy = [new ExpressionKey("no such field")] }).Message;
        for (int i = 0; i < queries.Length; i++)
        {
            QueryRefusedException refusal = Refused(queries[i], RefusalCodes.UnknownField, paths[i]);
            Assert.Equal(expected, refusal.Message);
        }
    }

    [Theory]
    [InlineData("user")]
    [InlineData("time")]
    [InlineData("email")]
    [InlineData("secret")]
    [InlineData("note")]
    public void Subject_time_tokenized_sealed_and_text_fields_are_neither_keys_nor_filters(string field)
    {
        Refused(Good with { GroupBy = [new ExpressionKey(field)] }, RefusalCodes.FieldNotAllowed, "$.group_by[0].field");
        Refused(
            Good with { Where = [Expression.Condition(field, Operation.Equal, [Literal.Of("x")])] }, RefusalCodes.FieldNotAllowed, "$.where[0].field");
        Refused(new Query("shop", [new Measure(MeasureFunction.Sum, field)]), RefusalCodes.FieldNotAllowed, "$.measures[0].field");
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("score")]
    [InlineData("seen")]
    public void Measures_and_instants_are_no_keys(string field) =>
        Refused(Good with { GroupBy = [new ExpressionKey(field)] }, RefusalCodes.FieldNotAllowed, "$.group_by[0].field");

    [Theory]
    [InlineData("city")]
    [InlineData("level")]
    public void What_has_no_bounds_is_not_summed(string field) =>
        Refused(new Query("shop", [new Measure(MeasureFunction.Mean, field)]), RefusalCodes.FieldNotAllowed, "$.measures[0].field");

    // A sensitivity of 0 would mean no noise, and only a constant has it.
    [Theory]
    [InlineData("0 * amount")]
    [InlineData("5")]
    [InlineData("amount - amount * 1 - 0")]
    [InlineData("least(greatest(amount, 3), 3)")]
    [InlineData("CASE WHEN vip THEN 0 ELSE 0 END")]
    public void Nothing_that_is_answered_has_a_sensitivity_of_zero(string expression)
    {
        try
        {
            Assert.All(Shop.Plan(SqlCorpus.Query($"SELECT sum({expression}) FROM shop")).Components, c => Assert.True(c.Sensitivity.MaxChange > 0 && c.Noise.Sigma > 0));
        }
        catch (QueryRefusedException refusal)
        {
            Assert.Contains(refusal.Code, (string[])[RefusalCodes.InvalidBounds, RefusalCodes.InvalidQuery]);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(20.1)]
    public void Epsilon_outside_its_range_is_refused(double epsilon) => Refused(Good with { Epsilon = epsilon }, RefusalCodes.InvalidEpsilon, "$.epsilon");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0.0)]
    [InlineData(-1e-6)]
    [InlineData(0.00100001)]
    [InlineData(1.0)]
    public void Delta_outside_its_range_is_refused(double delta) => Refused(Good with { Delta = delta }, RefusalCodes.InvalidDelta, "$.delta");

    [Fact]
    public void The_largest_delta_is_accepted() => Assert.Equal(1e-3, Shop.Plan(Good with { Delta = 1e-3 }).Delta);

    [Theory]
    [InlineData(0, 1, "$.contribution.groups")]
    [InlineData(-5, 1, "$.contribution.groups")]
    [InlineData(1_000_001, 1, "$.contribution.groups")]
    [InlineData(1, 0, "$.contribution.rows_per_group")]
    [InlineData(1, int.MaxValue, "$.contribution.rows_per_group")]
    public void Contribution_bounds_outside_their_range_are_refused(int groups, int rows, string path) =>
        Refused(Good with { Contribution = new ContributionBounds(groups, rows) }, RefusalCodes.InvalidBounds, path);

    [Theory]
    [InlineData(-2.5, 6)]
    [InlineData(-2, 6.5)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(0.25, 2)]
    public void A_clamp_off_the_grid_or_outside_the_field_is_refused(decimal lower, decimal upper) => Refused(
        new Query("shop", [new Measure(MeasureFunction.Sum, "amount", null, new ClampRange(lower, upper))]), RefusalCodes.InvalidBounds, "$.measures[0].clamp");

    [Fact]
    public void Measures_that_do_not_fit_their_function_are_refused()
    {
        Refused(new Query("shop", [new Measure(MeasureFunction.Sum)]), RefusalCodes.InvalidQuery, "$.measures[0].field");
        Refused(new Query("shop", [new Measure(MeasureFunction.DistinctSubjects, "amount")]), RefusalCodes.InvalidQuery, "$.measures[0].field");
        Refused(new Query("shop", [new Measure(MeasureFunction.Count, null, null, new ClampRange(0, 1))]), RefusalCodes.InvalidBounds, "$.measures[0].clamp");
        Refused(new Query("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Count)]), RefusalCodes.InvalidQuery, "$.measures[1].name");
        Refused(new Query("shop", [new Measure(MeasureFunction.Count, null, "a\nb")]), RefusalCodes.InvalidQuery, "$.measures[0].name");
        Refused(new Query("shop", []), RefusalCodes.InvalidQuery, "$.measures");
        Refused(new Query("shop", [.. Enumerable.Range(0, 9).Select(i => new Measure(MeasureFunction.Count, null, $"m{i}"))]), RefusalCodes.InvalidQuery, "$.measures");
    }

    [Fact]
    public void Keys_are_named_once_and_periods_stand_alone()
    {
        Refused(Good with { GroupBy = [new ExpressionKey("city"), new ExpressionKey("city")] }, RefusalCodes.InvalidQuery, "$.group_by[1]");
        Refused(Good with { GroupBy = [new PeriodKey(Period.Day), new PeriodKey(Period.Week)] }, RefusalCodes.InvalidQuery, "$.group_by[1]");
    }

    [Fact]
    public void Too_many_cells_are_refused()
    {
        // 366 days × 24 hours fit, times three actions they do not.
        Assert.Equal(8_784, Shop.Plan(Good with { GroupBy = [new PeriodKey(Period.Hour)] }).Cells);
        Refused(Good with { GroupBy = [new PeriodKey(Period.Hour), new ExpressionKey("action")] }, RefusalCodes.TooManyCells, "$.group_by");
        Dataset century = Shop.Dataset() with { PublicRange = new TimeRange(Shop.From, Shop.From.AddYears(100)) };
        Assert.Equal(
            RefusalCodes.TooManyCells,
            Assert.Throws<QueryRefusedException>(() => Shop.Plan(Good with { GroupBy = [new PeriodKey(Period.Day)] }, century)).Code);
        Refused(Good with { GroupBy = [new PeriodKey(Period.Hour), new ExpressionKey("vip"), new ExpressionKey("city")] }, RefusalCodes.TooManyCells, "$.group_by");
    }

    [Fact]
    public void Ranges_that_are_empty_or_outside_are_refused()
    {
        RangeEdge Day(int year, int month) => RangeEdge.On(new DateOnly(year, month, 1));
        Refused(Good with { From = Day(2024, 2), To = Day(2024, 2) }, RefusalCodes.InvalidRange, "$.to");
        Refused(Good with { From = Day(2024, 3), To = Day(2024, 2) }, RefusalCodes.InvalidRange, "$.to");
        Refused(Good with { From = Day(2019, 3), To = Day(2019, 4) }, RefusalCodes.InvalidRange, "$.from");
        Refused(Good with { From = Day(1, 1), To = Day(2, 1) }, RefusalCodes.InvalidRange, "$.to");
        Assert.Equal(new TimeRange(Shop.From, Shop.To), Shop.Plan(Good with { From = Day(1, 1), To = Day(9999, 1) }).Range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    [InlineData("UTC\0")]
    public void A_zone_that_does_not_exist_is_refused(string zone) => Refused(Good with { TimeZone = zone }, RefusalCodes.UnknownTimeZone, "$.time_zone");

    [Theory]
    [InlineData("city", Operation.Less)]
    [InlineData("vip", Operation.GreaterOrEqual)]
    [InlineData("session", Operation.Greater)]
    public void Values_without_an_order_are_not_compared(string field, Operation op) =>
        Refused(Good with { Where = [Expression.Condition(field, op, [Literal.Of("x")])] }, RefusalCodes.OperatorNotAllowed, "$.where[0].op");

    public static TheoryData<string, Literal> WrongValues => new()
    {
        { "city", Literal.Of(1m) },
        { "city", Literal.Of(new string('x', 8_193)) },
        { "vip", Literal.Of("true") },
        { "qty", Literal.Of(1.5m) },
        { "qty", Literal.Of(9_223_372_036_854_775_808m) },
        { "amount", Literal.Of(0.0000001m) },
        { "amount", Literal.Of(1_000_000_000_000m) },
        { "score", Literal.Of("NaN") },
        { "born", Literal.Of("2024-02-30") },
        { "seen", Literal.Of("2024-02-03T10:00:00") },
        { "session", Literal.Of("not-a-uuid") },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    internal void A_value_of_another_type_is_refused(string field, Literal value) =>
        Refused(Good with { Where = [Expression.Condition(field, Operation.Equal, [value])] }, RefusalCodes.InvalidValue, "$.where[0].value");

    [Fact]
    public void Error_targets_that_cannot_be_priced_are_refused()
    {
        Refused(Good with { Error = new ErrorTarget(0, 0.95) }, RefusalCodes.InvalidErrorTarget, "$.error.absolute");
        Refused(Good with { Error = new ErrorTarget(double.NaN, 0.95) }, RefusalCodes.InvalidErrorTarget, "$.error.absolute");
        Refused(Good with { Error = new ErrorTarget(5, 1) }, RefusalCodes.InvalidErrorTarget, "$.error.confidence");
        // A margin of 0 can be had where one unit moves little, but not where it moves a thousand.
        Refused(
            Good with { Error = new ErrorTarget(0.01, 0.95), Contribution = new ContributionBounds(1, 1_000) }, RefusalCodes.InvalidErrorTarget, "$.error.absolute");
        Refused(
            new Query("shop", [new Measure(MeasureFunction.Mean, "amount")]) { Error = new ErrorTarget(5, 0.95) }, RefusalCodes.InvalidErrorTarget, "$.measures[0]");
        Refused(Good with { Error = new ErrorTarget(5, 0.95), Epsilon = 1 }, RefusalCodes.InvalidQuery, "$.error");
        Refused(Good with { Error = new ErrorTarget(5, 0.95), Mechanism = NoiseMechanism.DiscreteLaplace }, RefusalCodes.MechanismNotAvailable, "$.mechanism");
    }

    [Fact]
    public void Hours_of_a_zone_that_is_not_whole_hours_from_UTC_are_refused()
    {
        Query hours = Shop.Count(new PeriodKey(Period.Hour)) with { From = RangeEdge.On(new DateOnly(2024, 2, 1)), To = RangeEdge.On(new DateOnly(2024, 2, 3)) };
        Refused(hours with { TimeZone = "Asia/Kolkata" }, RefusalCodes.UnknownTimeZone, "$.group_by[0]");
        Assert.Equal(48, Shop.Plan(hours with { TimeZone = "Europe/Vienna" }).Cells);
    }

    [Fact]
    public void Laplace_noise_does_not_select_keys() => Refused(
        Good with { GroupBy = [new ExpressionKey("city")], Mechanism = NoiseMechanism.DiscreteLaplace }, RefusalCodes.MechanismNotAvailable, "$.mechanism");

    [Fact]
    public void Bounds_under_which_only_noise_would_be_heard_are_refused() => Refused(
        new Query("shop", [new Measure(MeasureFunction.Sum, "score")])
        {
            GroupBy = [new ExpressionKey("city")],
            Contribution = new ContributionBounds(1_000_000, 1_000_000),
            Epsilon = 0.002,
        },
        RefusalCodes.InvalidBounds,
        "$.contribution");

    private static QueryRefusedException Refusal(Query query) => Assert.Throws<QueryRefusedException>(() => Shop.Plan(query));

    private static QueryRefusedException Refused(Query query, string code, string path)
    {
        QueryRefusedException refusal = Refusal(query);
        Assert.Equal(code, refusal.Code);
        Assert.Equal(path, refusal.Path);
        Assert.NotEmpty(refusal.Message);
        return refusal;
    }
}
