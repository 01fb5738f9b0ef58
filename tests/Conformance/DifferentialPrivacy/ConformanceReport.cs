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
        CaseResult[] ordered =
            [.. _results.OrderBy(result => result.Case.File, StringComparer.Ordinal).ThenBy(result => result.Case.Number)];
        Row(text, ["file", "cases", "claims", "claims that failed", "votes", "wrong votes"]);
        Row(text, Enumerable.Repeat("---", 6));
        foreach (IGrouping<string, CaseResult> file in ordered.GroupBy(result => result.Case.File))
            Row(text, Summary(file.Key, [.. file]));
        Row(text, Summary("all", ordered));
        foreach (IGrouping<string, CaseResult> file in ordered.GroupBy(result => result.Case.File))
        {
            IReadOnlyList<Claim> claims = file.First().Case.Trial.Claims;
            text.Append('\n').Append(CultureInfo.InvariantCulture, $"## {file.Key}\n\n");
            Row(text, ["", "case", .. claims.Select(claim => $"{claim.Name}: {(claim.Accepted ? "accept" : "reject")}")]);
            Row(text, Enumerable.Repeat("---", 2 + claims.Count));
            foreach (CaseResult result in file)
                Row(text, [Format(result.Case.Number), result.Case.Name, .. result.Ballots.Select(Cell)]);
        }
        return text.ToString();
    }

    private static string[] Summary(string name, CaseResult[] results)
    {
        IBallot[] ballots = [.. results.SelectMany(result => result.Ballots)];
        int wrong = ballots.Sum(ballot => ballot.Wrong);
        int failed = ballots.Count(ballot => ballot.Holds != true);
        int votes = wrong + ballots.Sum(ballot => ballot.Right);
        return [name, Format(results.Length), Format(ballots.Length), Format(failed), Format(votes), Format(wrong)];
    }

    private static string Cell(IBallot ballot) => $"{(ballot.Holds == true ? "yes" : "**FAILED**")}, {ballot.Right} : {ballot.Wrong}";

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
