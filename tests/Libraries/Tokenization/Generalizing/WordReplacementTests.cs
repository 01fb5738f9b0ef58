using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Generalizing;

public class WordReplacementTests
{
    private static readonly string[] s_words = ["amber", "birch", "cedar", "dune"];

    [Fact]
    public void Values_get_words_of_the_list_and_spellings_the_same()
    {
        using WordReplacement words = new(TokenKeys.Of(), s_words);
        Assert.Equal(words.Replace(TokenKind.Text, "Ann Lee"), words.Replace(TokenKind.Text, "ann lee "));
        // A word is missed with a probability of (3/4)^400 < 1e-49.
        IEnumerable<string> used = Enumerable.Range(0, 400).Select(n => words.Replace(TokenKind.Text, $"person {n}"));
        Assert.Equal(s_words, used.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("amber")]
    [InlineData("amber,amber")]
    [InlineData("amber, ")]
    public void A_list_that_replaces_nothing_is_refused(string words) =>
        Assert.Throws<ArgumentException>(nameof(words), () => new WordReplacement(TokenKeys.Of(), words.Split(',')));
}
