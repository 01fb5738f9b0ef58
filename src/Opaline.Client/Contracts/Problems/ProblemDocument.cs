namespace Opaline.Client.Contracts;

/// <summary>An RFC 9457 problem (<c>application/problem+json</c>). <see cref="Code"/> is stable, <see cref="Detail"/> says what to do.</summary>
public sealed record ProblemDocument
{
    /// <summary>URI of the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary>The kind of problem in a few words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>What is wrong here and what to do about it. Never holds a value that was sent.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable code to program against, such as <c>budget_exhausted</c> or <c>idempotency_conflict</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Where in the request, such as <c>measures[0].field</c>; of SQL the fragment.</summary>
    public string? Path { get; init; }

    /// <summary>Of SQL: a form that would be accepted, where there is one.</summary>
    public string? Suggestion { get; init; }

    /// <summary>More than one fault: each with its place.</summary>
    public IReadOnlyList<ProblemErrorDocument>? Errors { get; init; }

    /// <summary>With <c>budget_exhausted</c>: the account that is short.</summary>
    public AccountDocument? Account { get; init; }

    /// <summary>With <c>budget_exhausted</c>: the largest ε with which the identical question fits into every account now; absent if none does.</summary>
    public double? LargestEpsilon { get; init; }

    /// <summary>With <see cref="LargestEpsilon"/>: the δ to ask with; absent where the question's own fits.</summary>
    public double? LargestDelta { get; init; }

    /// <summary>With <c>budget_exhausted</c>: the largest ρ that every account holds now, in units of 1e-9.</summary>
    public long? LargestNanoRho { get; init; }

    /// <summary>With <c>budget_exhausted</c>: when the accounts that are short have been refilled, UTC; absent if one of them never is.</summary>
    public DateTime? MoreAt { get; init; }
}
