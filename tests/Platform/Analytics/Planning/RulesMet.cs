using System.Collections.Concurrent;
using System.Globalization;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>Counts the cases in which a rule of bounding-and-ledger was at work and the unit moved something, so that a suite can show that it met every one.</summary>
internal sealed class RulesMet
{
    private readonly ConcurrentDictionary<string, int> _cases = new();

    /// <summary>Counts a case of each of the rules.</summary>
    public void Count(params IEnumerable<string> rules)
    {
        foreach (string rule in rules)
            _cases.AddOrUpdate(rule, 1, (_, cases) => cases + 1);
    }

    /// <summary>Each of the rules was met, and none that is not named.</summary>
    public void AssertMet(params string[] rules)
    {
        foreach (string rule in rules)
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_cases.GetValueOrDefault(rule)} cases: {rule}"));
        Assert.Empty(rules.Except(_cases.Keys));
        Assert.Empty(_cases.Keys.Except(rules));
    }
}
