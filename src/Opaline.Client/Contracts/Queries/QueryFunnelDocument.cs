namespace Opaline.Client.Contracts;

/// <summary>
/// Subjects that took steps in order. The answer has a row per step with <c>subjects</c>, <c>of_first</c> and <c>of_previous</c>; with <c>measures</c> it is
/// about rows with the field <c>step</c>, the furthest step of a subject from 1.
/// </summary>
public sealed record QueryFunnelDocument
{
    /// <summary>The steps, 2 to 20.</summary>
    public required IReadOnlyList<QueryFunnelStepDocument> Steps { get; init; }

    /// <summary>The longest time from the first step to the last, such as <c>7d</c>, <c>12h</c>, <c>30m</c> or <c>45s</c>; default: any.</summary>
    public string? Window { get; init; }

    /// <summary>Conditions on events.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }
}
