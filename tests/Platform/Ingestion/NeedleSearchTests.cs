using System.Text;
using CsCheck;

namespace Opaline.Platform.Tests.Ingestion;

public class NeedleSearchTests
{
    [Fact]
    public void It_finds_what_contains_finds() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 7, 9].Array[1, 20], Gen.String[Gen.Char['a', 'c'], 0, 400]).Sample((needles, text) =>
            new NeedleSearch(needles).Find(Encoding.UTF8.GetBytes(text)).SetEquals(needles.Where(n => text.Contains(n, StringComparison.Ordinal))));

    [Fact]
    public void It_finds_at_both_ends_and_in_other_scripts()
    {
        NeedleSearch search = new(["1.2.3.4", "Загребин"]);
        Assert.Equal(2, search.Find("1.2.3.4 \0 Загребин"u8).Count);
        Assert.Empty(search.Find("1.2.3. 4Загреби"u8));
    }
}
