using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Texts;

public class TextPlaceholderTests
{
    [Fact]
    public void Spellings_of_a_value_share_a_placeholder_and_values_do_not()
    {
        using TextPlaceholder names = new(TokenKeys.Of(), "NAME");
        string ann = names.Of(TokenKind.Text, "Ann Lee");
        Assert.Matches("^<NAME_[0-9a-v]{8}>$", ann);
        Assert.Equal(ann, names.Of(TokenKind.Text, " ANN LEE "));
        string[] others = [.. Enumerable.Range(0, 1_000).Select(n => names.Of(TokenKind.Text, $"person {n}"))];
        Assert.Equal(1_000, others.Distinct().Count());
    }

    [Fact]
    public void Another_field_gives_another_placeholder()
    {
        using TextPlaceholder first = new(TokenKeys.Of(), "NAME");
        using TextPlaceholder second = new(TokenKeys.Of("other"), "NAME");
        Assert.NotEqual(first.Of(TokenKind.Text, "ann"), second.Of(TokenKind.Text, "ann"));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("NAME>")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456")]
    public void A_label_that_could_be_text_is_refused(string label) =>
        Assert.Throws<ArgumentException>(() => new TextPlaceholder(TokenKeys.Of(), label));
}
