using System.Globalization;
using CsCheck;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Generalizing;

public class GeneralizerTests
{
    [Theory]
    [InlineData("hour", "2024-01-15T10:30:00Z", "2024-01-15T10")]
    [InlineData("hour", "2024-01-15 10:30:00", "2024-01-15T10")]
    [InlineData("day", "2024-01-15T23:30:00-05:00", "2024-01-16")]
    [InlineData("day", "2024-01-15", "2024-01-15")]
    [InlineData("month", "2024-01-15", "2024-01")]
    [InlineData("month", "2024-02-29T10:30:00.123456Z", "2024-02")]
    [InlineData("year", "1987-06-05", "1987")]
    [InlineData("age_band:10", "37", "30-39")]
    [InlineData("age_band:10", "40", "40-49")]
    [InlineData("age_band:5", "0", "0-4")]
    [InlineData("age_band:10", "37.9", "30-39")]
    [InlineData("bucket:50", "99.99", "[50,100)")]
    [InlineData("bucket:50", "100", "[100,150)")]
    [InlineData("bucket:50", "-1", "[-50,0)")]
    [InlineData("bucket:0.1", "0.3", "[0.3,0.4)")]
    [InlineData("top:90", "89.5", "89.5")]
    [InlineData("top:90", "90", "90+")]
    [InlineData("top:90", "1e3", "90+")]
    [InlineData("ip_prefix", "192.168.1.77", "192.168.1.0/24")]
    [InlineData("ip_prefix", "::ffff:192.168.1.77", "192.168.1.0/24")]
    [InlineData("ip_prefix", "2001:db8:1234:5678::1", "2001:db8:1234::/48")]
    [InlineData("zip3", "02139", "021")]
    [InlineData("zip3", "02139-4307", "021")]
    [InlineData("keep_first:2", "Alexander", "Al***")]
    [InlineData("keep_last:4", "4111111111111111", "***1111")]
    [InlineData("keep_last:4", "1111", "***")]
    [InlineData("keep_last:4", "", "***")]
    [InlineData("keep_first:1", "👩‍🚀x", "👩‍🚀***")]
    public void Values_become_coarser(string specification, string value, string expected) =>
        Assert.Equal(expected, Generalizer.Parse(specification).Apply(value));

    [Theory]
    [InlineData("month", "15/01/2024")]
    [InlineData("month", "2024-13-01")]
    [InlineData("month", "yesterday")]
    [InlineData("hour", "2024-01-15")]
    [InlineData("age_band:10", "-1")]
    [InlineData("age_band:10", "151")]
    [InlineData("age_band:10", "thirty")]
    [InlineData("bucket:50", "1e40")]
    [InlineData("bucket:50", "NaN")]
    [InlineData("top:90", "")]
    [InlineData("ip_prefix", "300.1.1.1")]
    [InlineData("ip_prefix", "host.example.com")]
    [InlineData("ip_prefix", "1")]
    [InlineData("zip3", "2139")]
    [InlineData("zip3", "SW1A 1AA")]
    [InlineData("zip3", "021390")]
    public void Value_of_another_kind_gives_nothing(string specification, string value) => Assert.Null(Generalizer.Parse(specification).Apply(value));

    [Theory]
    [InlineData("")]
    [InlineData("months")]
    [InlineData("MONTH")]
    [InlineData("month:1")]
    [InlineData("age_band")]
    [InlineData("age_band:")]
    [InlineData("age_band:1")]
    [InlineData("age_band:51")]
    [InlineData("age_band:-10")]
    [InlineData("age_band:ten")]
    [InlineData("age_band:10:20")]
    [InlineData("bucket:0")]
    [InlineData("bucket:-5")]
    [InlineData("bucket:1e3")]
    [InlineData("top:")]
    [InlineData("keep_last:0")]
    [InlineData("keep_last:65")]
    [InlineData("keep_last:4 ")]
    [InlineData("ip_prefix:24")]
    public void Bad_specification_is_refused_with_what_is_allowed(string specification)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Generalizer.Parse(specification));
        Assert.NotEmpty(refused.Message);
        Assert.False(Generalizer.TryParse(specification, out Generalizer? none, out string? error));
        Assert.Null(none);
        Assert.Equal(refused.Message, error);
    }

    [Fact]
    public void Missing_specification_is_refused() => Assert.False(Generalizer.TryParse(null, out _, out _));

    [Fact]
    public void Masks_say_that_they_are()
    {
        Assert.True(Generalizer.Parse("keep_first:3").IsMask);
        Assert.True(Generalizer.Parse("keep_last:3").IsMask);
        Assert.False(Generalizer.Parse("month").IsMask);
        Assert.Equal("bucket:50", Generalizer.Parse("bucket:50.0").Specification);
    }

    [Fact]
    public void Bucket_holds_its_value() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[-10_000_000, 10_000_000]).Sample((width, hundredths) =>
        {
            decimal value = hundredths / 100m;
            string bucket = Generalizer.Parse($"bucket:{width / 100m:0.##}").Apply(value.ToString(CultureInfo.InvariantCulture))!;
            decimal[] borders = [.. bucket.Trim('[', ')').Split(',').Select(b => decimal.Parse(b, CultureInfo.InvariantCulture))];
            Assert.True(borders[0] <= value && value < borders[1]);
            Assert.Equal(width / 100m, borders[1] - borders[0]);
        });

    [Fact]
    public void Mask_never_keeps_more_than_it_says_nor_tells_the_length() =>
        Gen.Select(Gen.Int[1, 8], Gen.Char['a', 'z'].Array[0, 30].Select(c => new string(c))).Sample((count, value) =>
        {
            string masked = Generalizer.Parse($"keep_last:{count}").Apply(value)!;
            Assert.True(masked.Length == 3 || masked.Length == 3 + count);
            Assert.StartsWith("***", masked, StringComparison.Ordinal);
            Assert.True(value.Length <= count ? masked == "***" : value.EndsWith(masked[3..], StringComparison.Ordinal));
        });

    [Fact]
    public void Every_generalizer_is_total() =>
        Gen.Select(
            Gen.OneOf("hour", "day", "month", "year", "age_band:10", "bucket:7", "top:90", "ip_prefix", "zip3", "keep_first:2", "keep_last:2"),
            Gen.String[0, 40]).Sample((specification, value) => { _ = Generalizer.Parse(specification).Apply(value); });
}
