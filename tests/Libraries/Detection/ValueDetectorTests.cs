using CsCheck;
using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection;

public class ValueDetectorTests
{
    private const string Mixed = "user@example.com called +14155552671 from 10.0.0.7, paid with 4111 1111 1111 1111 and GB29NWBK60161331926819";

    [Fact]
    public void Text_with_several_kinds_has_each_once_and_in_order()
    {
        IReadOnlyList<Finding> findings = Detector.Find(Mixed);
        Assert.Equal([PiiType.Email, PiiType.Phone, PiiType.Ip, PiiType.Card, PiiType.Iban], findings.Select(f => f.Type));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("Ünïcödé 文字 🙂")]
    [InlineData("\0\0\0")]
    [InlineData("\uD800")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("2024-01-15T10:30:00.123+01:00")]
    [InlineData("1.2.3-rc.1+build.20240115")]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("GET /api/v1/items/1234567890?page=12 200 1532")]
    [InlineData("ord_9X8Y7Z-2024-0001234567")]
    [InlineData("-122.419416")]
    [InlineData("3.141592653589793")]
    [InlineData("1,234,567,890")]
    [InlineData("00:00:00.000000")]
    public void Benign_values_hold_nothing(string value)
    {
        Assert.Empty(Detector.Find(value));
        Assert.Null(Detector.Classify("field", value));
    }

    [Fact]
    public void Classify_reads_the_whole_value_and_nothing_less()
    {
        Assert.Equal(PiiType.Email, Detector.Classify("x", " user@example.com\t")?.Type);
        Assert.Equal(1, Detector.Classify("x", " user@example.com\t")?.Start);
        Assert.Null(Detector.Classify("x", "write to user@example.com"));
        Assert.Null(Detector.Classify("x", Mixed));
    }

    [Fact]
    public void Findings_lie_inside_the_text_in_order_and_apart() =>
        Fragments.Sample(text =>
        {
            int end = 0;
            foreach (Finding finding in Detector.Find(text))
            {
                Assert.True(finding.Start >= end && finding.Length > 0 && finding.End <= text.Length);
                Assert.InRange(finding.Score, 0.01, 1);
                end = finding.End;
            }
        });

    [Fact]
    public void Redacted_text_holds_nothing_more_and_no_detected_value() =>
        Fragments.Sample(text =>
        {
            IReadOnlyList<Finding> findings = Detector.Find(text);
            string redacted = TextRedactor.Redact(text, findings);
            Assert.Equal(findings.Count, redacted.Split('<').Length - 1);
        });

    [Theory]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a.")]
    [InlineData("a@b.")]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1-")]
    [InlineData("+1")]
    [InlineData("+1 ")]
    [InlineData("+14155552671 ")]
    [InlineData("(")]
    [InlineData("(1")]
    [InlineData("1.")]
    [InlineData("::")]
    [InlineData("1:")]
    [InlineData("GB29")]
    [InlineData("GB29 ")]
    [InlineData("4111 ")]
    [InlineData("00000000-")]
    [InlineData("415-555-")]
    public void Hostile_text_comes_to_an_end(string unit)
    {
        // A million characters: a rule that is quadratic in them would keep the suite busy for hours.
        _ = Detector.Find(string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)));
    }

    [Fact]
    public void Every_type_has_a_suggestion_and_a_placeholder()
    {
        foreach (PiiType type in Enum.GetValues<PiiType>())
        {
            Assert.Equal(SuggestedTreatment.Tokenize, Suggestion.For(type).Treatment);
            Assert.True(Suggestion.For(type).Level >= SuggestedLevel.Confidential);
            Assert.StartsWith("user.", Suggestion.For(type).Category, StringComparison.Ordinal);
            Assert.Matches("^<[A-Z]+>$", TextRedactor.Placeholder(type));
        }
        Assert.Equal(SuggestedTreatment.Seal, Suggestion.ForText.Treatment);
    }

    /// <summary>Texts made of pieces that rules look at, so that findings meet and nearly meet.</summary>
    private static readonly Gen<string> Fragments = Gen.OneOf(
            "user@example.com", "@", ".", " ", "-", "+", "4111111111111111", "4111 1111", "GB29NWBK60161331926819", "10.0.0.7", "2001:db8::1", ":",
            "+14155552671", "415-555-2671", "call ", "order ", "1", "a", "(", ")", "é", "550e8400-e29b-41d4-a716-446655440000")
        .Array[0, 12].Select(string.Concat);
}
