namespace Opaline.Client.Contracts;

/// <summary>
/// Subjects that came back. The answer has a row per <c>elapsed</c> period since a subject's first event, with <c>subjects</c> and <c>retained</c>, the
/// share of the first period; <c>group_by</c> with a period makes cohorts by first event.
/// </summary>
public sealed record QueryRetentionDocument
{
    /// <summary>Days counted from the first event, such as <c>30d</c>, or the calendar's <c>day</c>, <c>week</c> or <c>month</c>.</summary>
    public required string Every { get; init; }

    /// <summary>How many periods, the first included; 2 to 120.</summary>
    public required int Periods { get; init; }

    /// <summary>Conditions on events.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }
}
