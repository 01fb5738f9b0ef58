using System.Text.RegularExpressions;

namespace Opaline.Architecture.Tests;

/// <summary>What a newcomer may rely on: concepts as folders, short files, one clock, one source of randomness.</summary>
public partial class SourceLayoutTests
{
    private static readonly string[] KindsOfThings =
        ["Helpers", "Utils", "Utilities", "Common", "Misc", "Models", "Interfaces", "Services", "Managers", "Extensions"];

    [Fact]
    public void Folders_are_concepts_never_kinds_of_things()
    {
        string[] found = [.. Repository.SourceFiles("src").Where(f => Repository.Segments(f).SkipLast(1).Any(KindsOfThings.Contains))];
        Assert.Empty(found);
    }

    [Fact]
    public void Files_have_at_most_400_lines()
    {
        string[] found = [.. Repository.SourceFiles("src").Where(f => File.ReadLines(f).Count() > 400)];
        Assert.Empty(found);
    }

    [Fact]
    public void No_product_code_blocks_on_a_task_or_marks_unfinished_work()
    {
        string[] found = [.. Repository.SourceFiles("src").Where(f => Forbidden().IsMatch(File.ReadAllText(f)))];
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("int x = task.Result;")]
    [InlineData("x.GetAwaiter().GetResult()")]
    [InlineData("// TODO: later")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("catch { }")]
    [InlineData("catch (Exception)\n{\n}")]
    [InlineData("async void Run()")]
    public void Forbidden_code_would_be_noticed(string code) => Assert.Matches(Forbidden(), code);

    [GeneratedRegex(
        @"\.Result;|\.GetAwaiter\(\)\.GetResult\(\)|\bTODO\b|\bFIXME\b|NotImplementedException|catch\s*(\([^)]*\))?\s*\{\s*\}|\basync void\b",
        RegexOptions.NonBacktracking)]
    private static partial Regex Forbidden();
}
