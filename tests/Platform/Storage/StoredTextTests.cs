using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage;

public class StoredTextTests
{
    [Fact]
    public void What_no_engine_can_hold_is_replaced_and_nothing_else()
    {
        // Not as data of a theory: an attribute cannot hold half a surrogate pair.
        (string Text, string Stored)[] cases =
        [
            ("", ""),
            ("naïve 💎", "naïve 💎"),
            ("\0", "\uFFFD"),
            ("a\0b\0", "a\uFFFDb\uFFFD"),
            ("\uD83D", "\uFFFD"),
            ("\uDC8E\uD83D", "\uFFFD\uFFFD"),
            ("\uD83D\uD83D\uDC8E\uDC8E", "\uFFFD\uD83D\uDC8E\uFFFD"),
            ("💎\0", "💎\uFFFD"),
        ];
        Assert.All(cases, c => Assert.Equal(c.Stored, StoredText.Of(c.Text)));
    }
}
