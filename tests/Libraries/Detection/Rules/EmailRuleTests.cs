using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Rules;

public class EmailRuleTests
{
    [Theory]
    [InlineData("user@example.com")]
    [InlineData("first.last+tag@sub.example.co.uk")]
    [InlineData("o'brien@example.ie")]
    [InlineData("u_1-2%x@example-host.org")]
    [InlineData("USER@EXAMPLE.COM")]
    [InlineData("max@münchen.de")]
    [InlineData("用户@例子.公司")]
    [InlineData("a@b.io")]
    [InlineData("x@xn--mnchen-3ya.xn--p1ai")]
    [InlineData("12345@example.com")]
    public void Address_is_found_whole(string value)
    {
        Finding finding = Detector.OnlyFinding(value);
        Assert.Equal((PiiType.Email, 0, value.Length), (finding.Type, finding.Start, finding.Length));
    }

    [Theory]
    [InlineData("user@example")]
    [InlineData("@example.com")]
    [InlineData("user@")]
    [InlineData("user@.com")]
    [InlineData("user@-example.com")]
    [InlineData("user.@example.com")]
    [InlineData("icon@2x.png")]
    [InlineData("sprite@3x.webp")]
    [InlineData("user@example.c")]
    [InlineData("a @ b.com")]
    [InlineData("@media screen.and")]
    [InlineData("package@1.2.3")]
    [InlineData("100%40 off.now")]
    [InlineData("a%40b")]
    public void Other_uses_of_the_sign_are_none(string value) => Assert.DoesNotContain(Detector.Find(value), f => f.Type == PiiType.Email);

    [Theory]
    [InlineData("Write to user@example.com.", "user@example.com")]
    [InlineData("<user@example.com>", "user@example.com")]
    [InlineData("mailto:user@example.com?subject=hi", "user@example.com")]
    [InlineData("email=user@example.com&x=1", "user@example.com")]
    [InlineData("'user@example.com'", "user@example.com")]
    [InlineData("{\"to\":\"user@example.com\"}", "user@example.com")]
    [InlineData("user@example.com/path", "user@example.com")]
    [InlineData("a@b@example.com", "b@example.com")]
    [InlineData("/q?email=user%40example.com&x=1", "user%40example.com")]
    public void Address_is_cut_out_of_its_text(string text, string address) => Assert.Equal(address, Detector.OnlyText(text));

    [Fact]
    public void Name_of_the_field_admits_an_address_without_a_dot()
    {
        Assert.Equal(PiiType.Email, Detector.Classify("user_email", "root@localhost")?.Type);
        Assert.Null(Detector.Classify("note", "root@localhost"));
    }
}
