using System.Text.RegularExpressions;

namespace Opaline.Architecture.Tests;

/// <summary>Nothing that is shipped takes a seed, chooses noise, or leaves it out: not by a setting, not by an argument.</summary>
public partial class NoiseSwitchTests
{
    [Fact]
    public void No_setting_and_no_parameter_names_a_seed_or_a_switch_for_noise()
    {
        string[] found = [.. Repository.SourceFiles("src").Where(f => Switch().IsMatch(File.ReadAllText(f)))];
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("public int? Seed { get; init; }")]
    [InlineData("void Draw(int seed, Span<long> noise)")]
    [InlineData("public bool NoNoise { get; set; }")]
    [InlineData("internal bool DisableNoise;")]
    [InlineData("bool exactAnswers = false")]
    [InlineData("ulong? randomSeed,")]
    public void A_switch_would_be_noticed(string code) => Assert.Matches(Switch(), code);

    [Fact]
    public void One_source_of_bits_is_shipped_and_a_view_of_it()
    {
        string[] sources = [.. Repository.SourceFiles("src").Where(f => Source().IsMatch(File.ReadAllText(f))).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(["CryptographicBits.cs", "DirectBits.cs"], sources);
    }

    [Fact]
    public void The_generator_that_takes_a_seed_is_banned() =>
        Assert.Contains("T:System.Random;", File.ReadAllText(Path.Combine(Repository.Root, "eng", "BannedSymbols.txt")), StringComparison.Ordinal);

    [GeneratedRegex(@"\b(bool|byte|byte\[\]|u?int|u?long|string|Guid)\??\s+\w*([Ss]eed|[Nn]oNoise|[Zz]eroNoise|([Dd]isable|[Ss]kip|[Ww]ithout)Noise|[Ee]xactAnswers?)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Switch();

    [GeneratedRegex(@"\b(class|struct)\s+\w+(\([^)]*\))?\s*:\s*([\w<>, ]+,\s*)?IBitSource\b", RegexOptions.NonBacktracking)]
    private static partial Regex Source();
}
