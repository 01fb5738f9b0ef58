using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Rules;

/// <summary>Test numbers that payment companies publish.</summary>
public class CardRuleTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4012888888881881")]
    [InlineData("4222222222222")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("378282246310005")]
    [InlineData("6011111111111117")]
    [InlineData("30569309025904")]
    [InlineData("3530111333300000")]
    [InlineData("6200000000000005")]
    [InlineData("6759649826438453")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("3782 822463 10005")]
    [InlineData("3056 930902 5904")]
    public void Card_is_found_whole(string value)
    {
        Finding finding = Detector.OnlyFinding(value);
        Assert.Equal((PiiType.Card, 0, value.Length), (finding.Type, finding.Start, finding.Length));
    }

    [Theory]
    [InlineData("4111111111111112")]
    [InlineData("1111111111111117")]
    [InlineData("411111111111111")]
    [InlineData("41111111111111111")]
    [InlineData("0000000000000000")]
    [InlineData("1705312200000")]
    [InlineData("1705312200000000000")]
    [InlineData("4111 11111111 1111")]
    [InlineData("4111 1111-1111 1111")]
    [InlineData("0.4111111111111111")]
    [InlineData("4111111111111111.5")]
    [InlineData("x4111111111111111")]
    [InlineData("4111111111111111_a")]
    [InlineData("#4111111111111111")]
    [InlineData("order 4111111111111111")]
    [InlineData("tracking number: 4111111111111111")]
    [InlineData("550e8400-4111-1111-1111-111111111111")]
    [InlineData("41111111111111114111111111111111")]
    public void Other_numbers_are_none(string value) => Assert.DoesNotContain(Detector.Find(value), f => f.Type == PiiType.Card);

    [Theory]
    [InlineData("pay with 4111 1111 1111 1111 today", "4111 1111 1111 1111")]
    [InlineData("4111 1111 1111 1111 123", "4111 1111 1111 1111")]
    [InlineData("2024 4111 1111 1111 1111", "4111 1111 1111 1111")]
    [InlineData("card:4111111111111111;exp", "4111111111111111")]
    [InlineData("order card 4111111111111111", "4111111111111111")]
    [InlineData("Visa 4111111111111111.", "4111111111111111")]
    public void Card_is_cut_out_of_its_text(string text, string card) => Assert.Equal(card, Detector.OnlyText(text));

    [Fact]
    public void Field_of_other_numbers_has_no_cards()
    {
        Assert.Null(Detector.Classify("order_id", "4111111111111111"));
        Assert.Null(Detector.Classify("createdTimestamp", "4111111111111111"));
        Assert.Equal(PiiType.Card, Detector.Classify("card_id", "4111111111111111")?.Type);
        Assert.Equal(PiiType.Card, Detector.Classify("value", "4111111111111111")?.Type);
    }
}
