using Opaline.Detection;

namespace Opaline.Libraries.Tests.Detection.Rules;

public class IpRuleTests
{
    [Theory]
    [InlineData("192.168.1.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("8.8.8.8")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:0db8:0000:0000:0000:ff00:0042:8329")]
    [InlineData("fe80::1")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.1.1")]
    [InlineData("64:ff9b::192.0.2.33")]
    [InlineData("2001:DB8:0:0:8:800:200C:417A")]
    public void Address_is_found_whole(string value)
    {
        Finding finding = Detector.OnlyFinding(value);
        Assert.Equal((PiiType.Ip, 0, value.Length), (finding.Type, finding.Start, finding.Length));
    }

    [Theory]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.1234")]
    [InlineData("v1.2.3.4")]
    [InlineData("version 1.2.3.4")]
    [InlineData("(X11; U; Linux; en-US; rv:1.9.0.19) Gecko/2010")]
    [InlineData("Chrome/98.0.12.4 Safari/5.1.2.3")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0")]
    [InlineData("12:34:56")]
    [InlineData("2024-01-15T10:30:00Z")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("std::string")]
    [InlineData("a::b")]
    [InlineData("Foo::Bar1")]
    [InlineData("::")]
    [InlineData("1:2:3")]
    [InlineData("12345::6789a")]
    [InlineData("2001:db8::1::2")]
    [InlineData("3.14159")]
    [InlineData("urn:isbn:0451450523")]
    public void Versions_times_and_names_are_none(string value) => Assert.DoesNotContain(Detector.Find(value), f => f.Type == PiiType.Ip);

    [Theory]
    [InlineData("from 10.0.0.7.", "10.0.0.7")]
    [InlineData("http://10.0.0.7:8080/x", "10.0.0.7")]
    [InlineData("10.0.0.7/24", "10.0.0.7")]
    [InlineData("[[Special:Contributions/10.0.0.7]]", "10.0.0.7")]
    [InlineData("[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("peer 2001:db8::7: timed out", "2001:db8::7")]
    [InlineData("at fe80::7%eth0", "fe80::7")]
    [InlineData("ip=10.0.0.7,", "10.0.0.7")]
    public void Address_is_cut_out_of_its_text(string text, string address) => Assert.Equal(address, Detector.OnlyText(text));

    [Fact]
    public void Field_of_versions_has_no_addresses()
    {
        Assert.Null(Detector.Classify("app_version", "1.2.3.4"));
        Assert.Null(Detector.Classify("buildRelease", "1.2.3.4"));
        Assert.Equal(PiiType.Ip, Detector.Classify("client_ip", "1.2.3.4")?.Type);
        Assert.Equal(PiiType.Ip, Detector.Classify("", "1.2.3.4")?.Type);
        Assert.Equal(PiiType.Ip, Detector.Classify("ip_version", "1.2.3.4")?.Type);
    }
}
