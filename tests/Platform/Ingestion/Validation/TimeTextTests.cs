using System.Text;
using Opaline.Ingestion;

namespace Opaline.Platform.Tests.Ingestion.Validation;

public class TimeTextTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:00.000001Z", 1)]
    [InlineData("1970-01-01T00:00:00.1234567899Z", 123456)]
    [InlineData("1970-01-01t01:00:00+01:00", 0)]
    [InlineData("1969-12-31T23:59:59.5z", -500_000)]
    [InlineData("1970-01-01T00:00:00-00:30", 1_800_000_000)]
    [InlineData("2016-12-31T23:59:60Z", 1_483_228_800_000_000)]
    [InlineData("2024-02-29T00:00:00Z", 1_709_164_800_000_000)]
    [InlineData("9999-12-31T23:59:59Z", 253_402_300_799_000_000)]
    public void An_rfc_3339_time_is_read(string text, long micros)
    {
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(text), null, out long read));
        Assert.Equal(micros, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-01-15")]
    [InlineData("2024-01-15 10:30:00")]
    [InlineData("2024-01-15T10:30:00")]
    [InlineData("2024-01-15 10:30:00Z")]
    [InlineData("2024-01-15T10:30Z")]
    [InlineData("2024-01-15T24:00:00Z")]
    [InlineData("2024-01-15T10:60:00Z")]
    [InlineData("2024-01-15T10:30:61Z")]
    [InlineData("2024-01-15T10:30:00.Z")]
    [InlineData("2024-01-15T10:30:00+1:00")]
    [InlineData("2024-01-15T10:30:00+0100")]
    [InlineData("2024-01-15T10:30:00+24:00")]
    [InlineData("2024-01-15T10:30:00Zjunk")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2024-13-01T00:00:00Z")]
    [InlineData("2024-00-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("+024-01-01T00:00:00Z")]
    [InlineData("2024-01-15T-1:30:00Z")]
    [InlineData("1705314600")]
    [InlineData("２０２４-01-15T10:30:00Z")]
    public void Anything_else_is_refused(string text) => Assert.False(TimeText.TryRead(Encoding.UTF8.GetBytes(text), null, out _));

    [Theory]
    [InlineData("2024-01-15", "2024-01-14T23:00:00Z")]
    [InlineData("2024-07-15 10:30:00", "2024-07-15T08:30:00Z")]
    [InlineData("2024-07-15T10:30:00.25", "2024-07-15T08:30:00.25Z")]
    [InlineData("2024-07-15T10:30:00Z", "2024-07-15T10:30:00Z")]
    [InlineData("2024-03-31 02:30:00", "2024-03-31T01:30:00Z")]
    [InlineData("2024-10-27 02:30:00", "2024-10-27T01:30:00Z")]
    public void A_local_time_is_read_in_the_given_zone(string text, string instant)
    {
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(text), Vienna, out long read));
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(instant), null, out long expected));
        Assert.Equal(expected, read);
    }

    [Fact]
    public void A_date_is_days_since_1970()
    {
        Assert.True(TimeText.TryReadDate("1997-01-01"u8, out int days));
        Assert.Equal(9862, days);
        Assert.False(TimeText.TryReadDate("1997-01-01T00:00:00Z"u8, out _));
    }
}
