namespace Opaline.Client.Contracts;

/// <summary>
/// Active subjects. The answer has a row per long period with <c>active</c>, <c>average</c> (the mean of the short periods in it) and <c>stickiness</c>, the
/// ratio of the two.
/// </summary>
public sealed record QueryActiveUsersDocument
{
    /// <summary>The long period: <c>month</c> (default) or <c>week</c>.</summary>
    public string? Within { get; init; }

    /// <summary>The short period: <c>day</c> (default), or <c>week</c> within a month.</summary>
    public string? Of { get; init; }

    /// <summary>Conditions on events.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }
}
