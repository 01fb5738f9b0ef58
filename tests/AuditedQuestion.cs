namespace Opaline.Tests;

/// <summary>
/// A question that is put to an auditor, with two neighbouring datasets: one privacy unit more or less. That unit is a worst case: it is in as many groups as
/// it can be, with more rows in each than count, all at the clamp. Compiled into the test projects that ask in process and over HTTP.
/// </summary>
/// <param name="Name">What it is an example of.</param>
/// <param name="Unit">The datasets' privacy unit, in the word of the wire.</param>
/// <param name="Query">The question as JSON; <c>#</c> stands for the ending of dataset names that tells the two neighbours apart.</param>
/// <param name="Others">The rows of everybody, and of other units of the one.</param>
/// <param name="Added">The rows of the one unit.</param>
public sealed record AuditedQuestion(
    string Name, string Unit, string Query, IReadOnlyList<AuditedQuestion.Row> Others, IReadOnlyList<AuditedQuestion.Row> Added)
{
    /// <summary>The first dataset: action in a public domain (buy, look, return), city without one, amount in [-2, 6] by halves.</summary>
    public const string First = "shop";

    /// <summary>The second, of the same form.</summary>
    public const string Second = "visits";

    private const int Many = 40;

    private static readonly DateTime Monday = new(2024, 3, 4, 8, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Actions = ["buy", "look", "return"];
    private static readonly string[] Cities = ["Graz", "Linz", "Wels", "Wien"];

    /// <summary>A row.</summary>
    /// <param name="Person">Whose; the one is 0.</param>
    /// <param name="Time">When, UTC.</param>
    /// <param name="Action">The public dimension.</param>
    /// <param name="City">The private one.</param>
    /// <param name="Amount">The measure.</param>
    /// <param name="Dataset">Where.</param>
    public readonly record struct Row(int Person, DateTime Time, string Action, string City, decimal Amount, string Dataset = First);

    /// <summary>
    /// One of each shape. With ε = 6 the noise is of the size of what one unit adds, where some thousand draws see most: what is right or wrong is a
    /// factor that does not depend on ε.
    /// </summary>
    public static IReadOnlyList<AuditedQuestion> All { get; } =
    [
        Of("count by a public key", "subject", """[{"function":"count"}]""", ",\"group_by\":[{\"field\":\"action\"}]", 3, 2, EveryAction(Many)),
        Of("count by a public key, some groups of a unit dropped", "subject", """[{"function":"count"}]""", ",\"group_by\":[{\"field\":\"action\"}]", 2, 2, EveryAction(Many)),
        // A key is told by a coin from about 20 units on, by a threshold from about 12: there one unit more is seen best.
        Private("count by a private key (coins)", """[{"function":"count"}]""", 3, 20),
        Private("count by a private key (threshold)", """[{"function":"count"}]""", 4, 12),
        Private("distinct units by a private key", """[{"function":"distinct_subjects"}]""", 2, 9),
        Of("clamped sum", "subject", """[{"function":"sum","field":"amount"}]""", ",\"group_by\":[{\"field\":\"action\"}]", 3, 2, EveryAction(Many)),
        Of("clamped sum with Laplace noise", "subject", """[{"function":"sum","field":"amount"}]""", ",\"mechanism\":\"discrete_laplace\"", 1, 2, EveryAction(Many))
            .With("\"epsilon\":6", "\"epsilon\":1"),
        Of("mean", "subject", """[{"function":"mean","field":"amount"}]""", "", 1, 2, EveryAction(Many)),
        Of("measures with a count in common", "subject", """[{"function":"count","field":"amount"},{"function":"mean","field":"amount"}]""", "", 1, 2, EveryAction(Many)),
        Of("variance", "subject", """[{"function":"variance","field":"amount"}]""", "", 1, 2, EveryAction(Many)),
        Of("quantiles", "subject", """[{"function":"quantiles","field":"amount","ranks":[0.1,0.3,0.5,0.7,0.9]}]""", "", 1, 3, EveryAction(Many)),
        Of("histogram", "subject", """[{"function":"histogram","field":"amount","edges":[0,3,6]}]""", "", 1, 3, EveryAction(Many)),
        // Each day is a canonical group of its own.
        Of("ordinals of groups", "subject_per_week", """[{"function":"count"},{"function":"sum","field":"amount"}]""", ",\"group_by\":[{\"period\":\"day\"}],\"from\":\"2024-03-04\",\"to\":\"2024-03-11\"", 3, 2, EveryDay(Many)),
        Of("ordinals of windows", "subject_per_month", """[{"function":"count"}]""", ",\"group_by\":[{\"period\":\"month\"}],\"from\":\"2024-03-01\",\"to\":\"2024-04-01\"", 1, 2, EveryDay(Many)),
        new(
            "join of two private datasets",
            "subject",
            """
            {"dataset":"shop#","join":[{"dataset":"visits#"}],
             "measures":[{"function":"count"},{"function":"sum","field":"visits#.amount"}],"group_by":[{"field":"shop#.action"}],
             "contribution":{"groups":3,"rows_per_group":2},"epsilon":6}
            """,
            [.. Crowd(10), .. Crowd(10).Select(r => r with { Dataset = Second })],
            [.. EveryAction(4), .. EveryAction(4).Select(r => r with { Dataset = Second })]),
        new(
            "table of subjects",
            "subject",
            """
            {"dataset":"shop#","subjects":{"values":[{"name":"visits","function":"count","clamp":[0,5]},{"name":"total","function":"sum","field":"amount","clamp":[-3,9]}]},
             "measures":[{"function":"count"},{"function":"sum","field":"total"}],"group_by":[{"field":"visits"}],
             "contribution":{"groups":1,"rows_per_group":1},"epsilon":6}
            """,
            Crowd(10),
            EveryAction(Many)),
        // The one is there on other days too: with this one it takes all steps instead of the first, and is of an earlier cohort.
        new(
            "funnel with a period unit",
            "subject_per_day",
            """
            {"dataset":"shop#","funnel":{"steps":[{"field":"action","op":"eq","value":"buy"},{"field":"action","op":"eq","value":"look"},{"field":"action","op":"eq","value":"return"}]},
             "from":"2024-03-04","to":"2024-03-08","epsilon":6}
            """,
            [.. Crowd(10), At(0, 0, "buy"), At(0, 2, "return")],
            [At(0, 1, "look")]),
        new(
            "retention with a period unit",
            "subject_per_day",
            """{"dataset":"shop#","retention":{"every":"1d","periods":2},"group_by":[{"period":"day"}],"from":"2024-03-04","to":"2024-03-07","epsilon":6}""",
            [.. Crowd(10), At(0, 1, "buy"), At(0, 2, "buy")],
            [At(0, 0, "buy")]),
    ];

    /// <summary>The same with another text in the question.</summary>
    public AuditedQuestion With(string text, string other) => this with { Query = Query.Replace(text, other, StringComparison.Ordinal) };

    public override string ToString() => Name;

    private static AuditedQuestion Of(string name, string unit, string measures, string rest, int groups, int rows, IReadOnlyList<Row> added) => new(
        name,
        unit,
        $$"""{"dataset":"shop#","measures":{{measures}},"contribution":{"groups":{{groups}},"rows_per_group":{{rows}}},"epsilon":6{{rest}}}""",
        Crowd(10),
        added);

    // Everybody is in one of the cities, the one in all of them.
    private static AuditedQuestion Private(string name, string measures, int cities, int people) => new(
        name,
        "subject",
        $$"""{"dataset":"shop#","measures":{{measures}},"group_by":[{"field":"city"}],"contribution":{"groups":{{cities}},"rows_per_group":1},"epsilon":6,"delta":0.001}""",
        [.. from city in Cities.Take(cities) from person in Enumerable.Range(1, people) select new Row(PersonIn(city, person), Monday, "buy", city, 1)],
        [.. Cities.Take(cities).Select(city => new Row(0, Monday, "buy", city, 1))]);

    private static int PersonIn(string city, int person) => (1_000 * Array.IndexOf(Cities, city)) + person;

    private static Row At(int person, int day, string action) => new(person, Monday.AddDays(day), action, Cities[0], 0);

    private static Row[] Crowd(int people) =>
        [.. Enumerable.Range(1, people).SelectMany(p => Actions.Select((action, i) => new Row(p, Monday.AddHours(p), action, Cities[p % 4], (p % 5) - (i / 2m))))];

    private static Row[] EveryAction(int each) =>
        [.. Actions.SelectMany(action => Enumerable.Range(0, each).Select(i => new Row(0, Monday.AddMinutes(i), action, Cities[0], 6)))];

    private static Row[] EveryDay(int each) =>
        [.. Enumerable.Range(0, 3).SelectMany(day => Enumerable.Range(0, each).Select(i => new Row(0, Monday.AddDays(day).AddMinutes(i), Actions[day], Cities[0], 6)))];
}
