using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Redaction;

public class TextRedactorTests
{
    [Fact]
    public void Findings_become_typed_placeholders()
    {
        const string text = "Mail user@example.com or call +14155552671 (from 10.0.0.7).";
        Assert.Equal("Mail <EMAIL> or call <PHONE> (from <IP>).", TextRedactor.Redact(text, Detector.Find(text)));
    }

    [Fact]
    public void Text_without_findings_stays() => Assert.Equal("nothing here", TextRedactor.Redact("nothing here", []));

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    public void Finding_outside_the_text_is_refused(int start, int length) =>
        Assert.Throws<ArgumentException>(() => TextRedactor.Redact("12345", [new Finding(PiiType.Ip, start, length, 1, "test")]));

    [Fact]
    public void Overlapping_findings_are_refused() =>
        Assert.Throws<ArgumentException>(() => TextRedactor.Redact(
            "12345", [new Finding(PiiType.Ip, 0, 3, 1, "test"), new Finding(PiiType.Ip, 2, 2, 1, "test")]));
}
