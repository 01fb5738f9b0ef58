using System.Text.RegularExpressions;

namespace Opaline.Architecture.Tests;

/// <summary>docs/ATTACK-MODEL.md names the test that holds each defence. A name without a test would be a promise that nobody keeps.</summary>
public partial class AttackModelTests
{
    private static string Document { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "ATTACK-MODEL.md"));

    [Fact]
    public void Every_test_that_the_attack_model_names_exists()
    {
        string[] missing = [.. Named().Matches(Document).Where(m => !Exists(m.Groups["type"].Value, m.Groups["test"].Value)).Select(m => m.Value)];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_attack_has_a_test_or_says_that_it_has_none()
    {
        string[][] rows = [.. Document.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split(" | ")).Where(c => c[0] != "attack")];
        Assert.True(rows.Length > 30);
        Assert.All(rows, cells =>
        {
            Assert.Equal(3, cells.Length);
            Assert.True(Named().IsMatch(cells[2]) || cells[2].Contains("none", StringComparison.Ordinal), cells[0]);
        });
    }

    [Fact]
    public void A_test_that_does_not_exist_would_be_noticed() => Assert.False(Exists("AttackModelTests", "A_test_that_nobody_wrote"));

    private static bool Exists(string type, string test) => Repository.SourceFiles("tests")
        .Where(f => Path.GetFileNameWithoutExtension(f) == type)
        .Any(f => Regex.IsMatch(File.ReadAllText(f), $@"\b{test}\("));

    [GeneratedRegex(@"`(?<type>[A-Z]\w+)\.(?<test>[A-Z]\w+)`")]
    private static partial Regex Named();
}
