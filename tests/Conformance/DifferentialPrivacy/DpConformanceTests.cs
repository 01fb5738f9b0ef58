using System.Globalization;
using System.Security.Cryptography;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Google's statistical test cases (google/differential-privacy, proto/testing/*.textproto) against our mechanisms with our samplers: every
/// case passes, and every twin that is wrong by the file's factor is rejected.
/// </summary>
public class DpConformanceTests
{
    // A case in about fifteen, so that every file is met: 20 cases of 3 or 4 claims. A run in which all of them hold fails with a chance of
    // at most 80·LeadBallot.FalseAlarm = 9.6e-7.
    private const int PerRun = 20;

    /// <summary>The first of the cases that are run, to reproduce a run that printed it.</summary>
    private const string First = "OPALINE_DP_FIRST_CASE";

    /// <summary>The switch of the long form, for which OPALINE_LONG is too small a word: all cases, up to 90 minutes.</summary>
    private const string Full = "OPALINE_DP_CONFORMANCE";

    /// <summary>The file to which the long form writes its results.</summary>
    private const string Report = "OPALINE_DP_REPORT";

    [Fact]
    public void Twenty_of_the_cases_and_their_twins_are_decided_rightly()
    {
        IReadOnlyList<DpCase> cases = CaseFiles.Read();
        int first = Environment.GetEnvironmentVariable(First) is { Length: > 0 } named
            ? int.Parse(named, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(cases.Count);
        DpCase[] chosen = [.. Enumerable.Range(0, PerRun).Select(i => cases[(first + (i * cases.Count / PerRun)) % cases.Count])];
        TestContext.Current.TestOutputHelper?.WriteLine($"{First}={first}");
        AssertHold(Run(chosen, () => new LeadBallot(), new ConformanceReport(null)), $"{First}={first}");
    }

    /// <summary>
    /// 930 claims. Were each vote right with the files' chance of 0.9, a run in which all of them hold would fail with a chance of at most
    /// 930·MajorityBallot.FalseAlarm = 1.5e-3. Measured over 300 votes, one in four is wrong on three counts of a large ε, whose discrete
    /// Laplace noise meets ε exactly in its likeliest value, and at most 15 % are elsewhere: that makes it about 1.6e-2.
    /// </summary>
    [Fact]
    public void All_cases_and_their_twins_are_decided_rightly()
    {
        if (Environment.GetEnvironmentVariable(Full) != "1")
            Assert.Skip($"All cases take up to 90 minutes: set {Full}=1.");
        ConformanceReport report = new(Environment.GetEnvironmentVariable(Report));
        AssertHold(Run(CaseFiles.Read(), () => new MajorityBallot(), report), Full);
    }

    private static CaseResult[] Run(IReadOnlyList<DpCase> cases, Func<IBallot> newBallot, ConformanceReport report)
    {
        CaseResult[] results = new CaseResult[cases.Count];
        Parallel.For(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            results[i] = CaseResult.Of(cases[i], newBallot);
            report.Add(results[i]);
        });
        return results;
    }

    private static void AssertHold(CaseResult[] results, string run)
    {
        string[] failures = [.. results.Where(result => !result.Holds).Select(result => result.ToString())];
        Assert.True(failures.Length == 0, $"{run}: {string.Join(Environment.NewLine, failures)}");
    }
}
