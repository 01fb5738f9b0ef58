using System.Text.RegularExpressions;

namespace Opaline.Architecture.Tests;

/// <summary>Contribution ordinals are ranks of the rows that are there: whoever deleted some rows of a subject would have ranks given twice, which breaks the bound.</summary>
public partial class EventRowsTests
{
    // The staging table of a settling is no table of events; triggers name statements that they refuse.
    [Fact]
    public void Rows_of_events_are_deleted_by_erasure_alone()
    {
        string[] found =
        [
            .. Repository.SourceFiles("src")
                .Where(f => f.Contains("Opaline.Storage", StringComparison.Ordinal) && Deletion().IsMatch(File.ReadAllText(f)))
                .Select(f => Path.GetFileName(f)),
        ];
        Assert.Equal(["ErasureStatements.cs"], found);
    }

    [Theory]
    [InlineData("DELETE FROM {table} WHERE time < 1")]
    [InlineData("DELETE FROM {EventTable.Name(dataset)}")]
    [InlineData("TRUNCATE {table}")]
    public void Deletion_would_be_noticed(string sql) => Assert.Matches(Deletion(), sql);

    [GeneratedRegex(@"(DELETE FROM|TRUNCATE( TABLE)?) \{(?!stage\})", RegexOptions.CultureInvariant)]
    private static partial Regex Deletion();
}
