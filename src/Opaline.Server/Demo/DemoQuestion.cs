using System.Globalization;
using System.Text.Json;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Client.Samples;

namespace Opaline.Server.Demo;

/// <summary>One of the demo's questions.</summary>
/// <param name="Title">In words.</param>
/// <param name="Key">Name of its only key.</param>
/// <param name="Query">In the form that the API takes.</param>
internal sealed record DemoQuestion(string Title, string Key, QueryDocument Query)
{
    public const string Device = "metadata.device";
    public const string Plan = "metadata.plan";
    public const string Amount = "metadata.amount";

    /// <summary>What must be declared before they can be asked.</summary>
    public static IReadOnlyList<FieldDeclarationDocument> Fields { get; } =
    [
        new() { Name = Device, Type = "string", Role = "dimension", Treatment = "keep", Domain = SampleEvents.Devices },
        new() { Name = Plan, Type = "string", Role = "dimension", Treatment = "keep", Domain = SampleEvents.Plans },
        new() { Name = Amount, Type = "decimal", Role = "measure", Treatment = "keep", Measure = new MeasureBoundsDocument(0, 500, 0.01m) },
    ];

    /// <summary>Four questions about the days before <paramref name="now"/>, with bounds that few people exceed.</summary>
    public static IReadOnlyList<DemoQuestion> All(DateTime now)
    {
        DateTime today = now.Date;
        DateTime monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        return
        [
            new("Logins per day", "day", Of("count", null, "login", "day", null, today.AddDays(-7), today, 7, 2)),
            new("Purchases by device", Device, Of("count", null, "purchase", null, Device, today.AddDays(-30), today, 2, 3)),
            new("Mean purchase by plan", Plan, Of("mean", Amount, "purchase", null, Plan, today.AddDays(-30), today, 1, 4, new(0, 200))),
            new("Active people per week", "week", Of("distinct_subjects", null, null, "week", null, monday.AddDays(-21), monday.AddDays(7), 4, 1)),
        ];
    }

    private static QueryDocument Of(
        string function, string? measured, string? action, string? period, string? key, DateTime from, DateTime to, int groups, int rows, QueryClampDocument? clamp = null) =>
        new()
        {
            Dataset = EventsDataset.Name,
            Measures = [new QueryMeasureDocument { Function = function, Field = measured, Name = "value", Clamp = clamp }],
            Where = action is null
                ? null
                : [new QueryExpressionDocument { Field = EventsDataset.Action, Op = "eq", Value = JsonSerializer.SerializeToElement(action, OpalineJson.Options) }],
            GroupBy = [new QueryKeyDocument { Period = period, Field = key }],
            From = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            To = to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Contribution = new QueryContributionDocument(groups, rows),
            Epsilon = 1,
        };
}
