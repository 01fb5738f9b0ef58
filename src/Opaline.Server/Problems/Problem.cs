using Opaline.Analytics;
using Opaline.Client.Contracts;
using Opaline.Server.Documents;

namespace Opaline.Server.Problems;

/// <summary>A refusal on its way out.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable code to program against.</param>
/// <param name="Detail">What is wrong and what to do about it. Never an engine's text, never a value that was sent.</param>
/// <param name="Path">Where in the request, or null.</param>
internal sealed record Problem(int Status, string Code, string Detail, string? Path = null)
{
    /// <summary>More than one fault.</summary>
    public IReadOnlyList<ProblemErrorDocument>? Errors { get; init; }

    /// <summary>The budget that does not suffice, and what would.</summary>
    public BudgetExhaustedException? Budget { get; init; }

    /// <summary>A form that would be accepted, or null.</summary>
    public string? Suggestion { get; init; }

    public ProblemDocument ToDocument() => new()
    {
        Type = "https://opaline.dev/problems/" + Code,
        Title = TitleOf(Status),
        Status = Status,
        Code = Code,
        Detail = Detail,
        Path = Path,
        Suggestion = Suggestion,
        Errors = Errors,
        Account = Budget is null ? null : AccountDocuments.Write(Budget.Account),
        LargestEpsilon = Budget?.LargestEpsilon,
        LargestDelta = Budget?.LargestDelta,
        LargestNanoRho = Budget?.LargestNanoRho,
        MoreAt = Budget?.MoreAt,
    };

    private static string TitleOf(int status)
    {
        string title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
        return title.Length > 0 ? title : "Error";
    }
}
