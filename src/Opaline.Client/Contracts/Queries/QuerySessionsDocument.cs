namespace Opaline.Client.Contracts;

/// <summary>
/// A subject's events without a pause longer than the gap. The answer has <c>sessions</c>, <c>subjects</c> and <c>sessions_per_subject</c>; with
/// <c>measures</c> it is about one row per session with the fields <c>events</c> and <c>minutes</c>.
/// </summary>
public sealed record QuerySessionsDocument
{
    /// <summary>The longest pause within a session, such as <c>30m</c>.</summary>
    public required string Gap { get; init; }

    /// <summary>Public bound of <c>events</c>; default 100.</summary>
    public int? MostEvents { get; init; }

    /// <summary>Public bound of <c>minutes</c>; default 240.</summary>
    public int? MostMinutes { get; init; }

    /// <summary>Conditions on events.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }
}
