namespace Opaline.Analytics;

/// <summary>A query that was planned.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Presentation">How its answer is shown.</param>
/// <param name="Text">Its SQL without literals, for the log; null if it was asked otherwise.</param>
internal sealed record Question(QueryPlan Plan, PlannedPresentation Presentation, string? Text);
