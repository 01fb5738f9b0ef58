using System.Globalization;
using System.Text;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>The results as a Markdown table, written anew after each case so that a run that is stopped leaves what it found.</summary>
internal sealed class ConformanceReport(string? path)
{
    private readonly List<CaseResult> _results = [];
    private readonly Lock _gate = new();

    public void Add(CaseResult result)
    {
        lock (_gate)
        {
            _results.Add(result);
            if (path is { Length: > 0 })
                File.WriteAllText(path, Text());
        }
    }

    private string Text()
    {
        StringBuilder text = new();
        CaseResult[] ordered = [.. _results.OrderBy(result => result.Case.File, StringComparer.Ordinal).ThenBy(result => result.Case.Number)];
        text.AppendLine("| file | cases | claims | claims that failed | votes | wrong votes |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (IGrouping<string, CaseResult> file in ordered.GroupBy(result => result.Case.File))
            Summary(text, file.Key, [.. file]);
        Summary(text, "all", ordered);
        foreach (IGrouping<string, CaseResult> file in ordered.GroupBy(result => result.Case.File))
        {
            IReadOnlyList<Claim> claims = file.First().Case.Trial.Claims;
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {file.Key}").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"| | case | {string.Join(" | ", claims.Select(claim => $"{claim.Name}: {(claim.Accepted ? "accept" : "reject")}"))} |");
            text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(claims.Select(_ => "---|"))}");
            foreach (CaseResult result in file)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Case.Number} | {result.Case.Name} | {string.Join(" | ", result.Ballots.Select(Cell))} |");
        }
        return text.ToString();
    }

    private static void Summary(StringBuilder text, string name, CaseResult[] results)
    {
        IBallot[] ballots = [.. results.SelectMany(result => result.Ballots)];
        int wrong = ballots.Sum(ballot => ballot.Wrong);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {name} | {results.Length} | {ballots.Length} | {ballots.Count(ballot => ballot.Holds != true)} | {wrong + ballots.Sum(ballot => ballot.Right)} | {wrong} |");
    }

    private static string Cell(IBallot ballot) =>
        $"{(ballot.Holds == true ? "yes" : "**FAILED**")}, {ballot.Right} : {ballot.Wrong}";
}
