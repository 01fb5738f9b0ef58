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
    [InlineData("week", "2024-01-01", "2024-W01")]
    [InlineData("week", "2023-01-01", "2022-W52")]
    [InlineData("quarter", "2024-03-31", "2024-Q1")]
    [InlineData("quarter", "2024-10-01T00:00:00Z", "2024-Q4")]
    [InlineData("hour_of_day", "2024-01-15T07:30:00Z", "07")]
    [InlineData("day_of_week", "2024-01-15", "1")]
    [InlineData("day_of_week", "2024-01-14", "7")]
    [InlineData("day_of_month", "2024-01-05", "05")]
    [InlineData("week_of_year", "2021-01-01", "53")]
    [InlineData("month_of_year", "2024-01-15", "01")]
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
    [InlineData("bottom:10", "10", "<=10")]
    [InlineData("bottom:10", "-3", "<=10")]
    [InlineData("bottom:10", "10.5", "10.5")]
    [InlineData("bands:18,65", "17.99", "<18")]
    [InlineData("bands:18,65", "18", "[18,65)")]
    [InlineData("bands:18,65", "65", "65+")]
    [InlineData("bands:-1.5", "-1.5", "-1.5+")]
    [InlineData("ip_prefix", "192.168.1.77", "192.168.1.0/24")]
    [InlineData("ip_prefix", "::ffff:192.168.1.77", "192.168.1.0/24")]
    [InlineData("ip_prefix", "2001:db8:1234:5678::1", "2001:db8:1234::/48")]
    [InlineData("zip3", "02139", "021")]
    [InlineData("zip3", "02139-4307", "021")]
    [InlineData("zip3", "03601", "000")]
    [InlineData("zip3", "89301-0001", "000")]
    [InlineData("zip3", "03701", "037")]
    [InlineData("keep_first:2", "Alexander", "Al***")]
    [InlineData("keep_ends:1,2", "Alexander", "A***er")]
    [InlineData("keep_ends:1,2", "Ann", "***")]
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
    [InlineData("week:1")]
    [InlineData("bands:")]
    [InlineData("bands:65,18")]
    [InlineData("bands:1,1")]
    [InlineData("bands:1,two")]
    [InlineData("bands:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17")]
    [InlineData("keep_ends:1")]
    [InlineData("keep_ends:0,2")]
    [InlineData("keep_ends:1,65")]
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
        Assert.True(Generalizer.Parse("keep_ends:1,3").IsMask);
        Assert.False(Generalizer.Parse("month").IsMask);
        Assert.Equal("bucket:50", Generalizer.Parse("bucket:50.0").Specification);
        Assert.Equal("bands:1.5,2", Generalizer.Parse("bands:1.50,2.0").Specification);
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

    /// <summary>45 CFR 164.514(b)(2)(i)(B) with the 17 areas of Census 2000 that HHS lists in its guidance of 26 November 2012.</summary>
    [Fact]
    public void Seventeen_zip3_areas_have_too_few_people()
    {
        Generalizer zip3 = Generalizer.Parse("zip3");
        IEnumerable<string> areas = Enumerable.Range(1, 999).Select(n => n.ToString("000", CultureInfo.InvariantCulture));
        string[] hidden = [.. areas.Where(area => zip3.Apply(area + "01") == "000")];
        Assert.Equal("036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893", string.Join(' ', hidden));
    }
}
