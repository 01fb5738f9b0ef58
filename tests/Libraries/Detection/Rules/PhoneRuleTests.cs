using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Rules;

public class PhoneRuleTests
{
    [Theory]
    [InlineData("+14155552671")]
    [InlineData("+1 415 555 2671")]
    [InlineData("+1 (415) 555-2671")]
    [InlineData("+1-415-555-2671")]
    [InlineData("+49 30 901820")]
    [InlineData("+44 20 7946 0018")]
    [InlineData("+33 6 12 34 56 78")]
    [InlineData("+91 98765 43210")]
    [InlineData("0049 170 1234567")]
    [InlineData("(415) 555-2671")]
    [InlineData("415-555-2671")]
    [InlineData("415.555.2671")]
    [InlineData("1-415-555-2671")]
    public void Number_is_found_whole(string value)
    {
        Finding finding = Detector.OnlyFinding(value);
        Assert.Equal((PiiType.Phone, 0, value.Length), (finding.Type, finding.Start, finding.Length));
    }

    [Theory]
    [InlineData("4155552671")]
    [InlineData("1705312200")]
    [InlineData("1705312200000")]
    [InlineData("2024-01-15")]
    [InlineData("2024-01-15 10:30:00")]
    [InlineData("15.01.2024")]
    [InlineData("2024-01-15T10:30:00+01:00")]
    [InlineData("123-45-6789")]
    [InlineData("115-555-2671")]
    [InlineData("415-155-2671")]
    [InlineData("+999 123456789")]
    [InlineData("+1 23")]
    [InlineData("+0 415 555 2671")]
    [InlineData("1e+14155552671")]
    [InlineData("-0.96")]
    [InlineData("12345678.90")]
    [InlineData("$1,234,567.89")]
    [InlineData("order 415-555-2671")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("00491701234567")]
    [InlineData("37.7749, -122.4194")]
    [InlineData("1.234.567")]
    [InlineData("GET /x 204 512 1024")]
    [InlineData("10/12/2023")]
    public void Other_numbers_are_none(string value) => Assert.DoesNotContain(Detector.Find(value), f => f.Type == PiiType.Phone);

    [Theory]
    [InlineData("call 4155552671 now", "4155552671")]
    [InlineData("Tel.: 030 901820", "030 901820")]
    [InlineData("my phone number is 555 0100 22", "555 0100 22")]
    [InlineData("reach me at +14155552671.", "+14155552671")]
    [InlineData("12 +14155552671", "+14155552671")]
    [InlineData("(+14155552671)", "+14155552671")]
    [InlineData("+14155552671 2024", "+14155552671")]
    public void Number_is_cut_out_of_its_text(string text, string number) => Assert.Equal(number, Detector.OnlyText(text));

    [Theory]
    [InlineData("call on 2024-01-15 please")]
    [InlineData("call order 4155552671")]
    [InlineData("text: 12345678.90")]
    public void Announced_dates_orders_and_decimals_are_none(string text) => Assert.Empty(Detector.Find(text));

    [Theory]
    [InlineData("phone", "4155552671", true)]
    [InlineData("customerMobile", "0170 1234567", true)]
    [InlineData("user.tel", "(030) 90 18 20", true)]
    [InlineData("phone", "n/a", false)]
    [InlineData("phone", "123", false)]
    [InlineData("phone", "12345678901234567890", false)]
    [InlineData("hotel", "4155552671", false)]
    [InlineData("session_id", "415-555-2671", false)]
    [InlineData("value", "4155552671", false)]
    public void Name_of_the_field_decides_about_bare_digits(string field, string value, bool expected) =>
        Assert.Equal(expected, Detector.Classify(field, value)?.Type == PiiType.Phone);
}
