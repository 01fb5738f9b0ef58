using System.Globalization;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Catalog.Calendar;

public class TruncationWindowTests
{
    [Theory]
    [InlineData(PrivacyUnit.SubjectPerDay, "2024-03-31", "2024-04-01")]
    [InlineData(PrivacyUnit.SubjectPerWeek, "2024-03-25", "2024-04-01")]
    [InlineData(PrivacyUnit.SubjectPerMonth, "2024-03-01", "2024-04-01")]
    [InlineData(PrivacyUnit.Subject, "2024-03-01", "2024-04-01")]
    public void A_window_is_the_units_period_and_a_month_for_a_whole_history(PrivacyUnit unit, string first, string next)
    {
        DateOnly date = new(2024, 3, 31);
        Assert.Equal(DateOnly.ParseExact(first, "yyyy-MM-dd", CultureInfo.InvariantCulture), TruncationWindow.FirstDate(unit, date));
        Assert.Equal(DateOnly.ParseExact(next, "yyyy-MM-dd", CultureInfo.InvariantCulture), TruncationWindow.Next(unit, TruncationWindow.FirstDate(unit, date)));
    }

    [Theory]
    // March is over in Vienna at 22:00Z of its last day, and sealed a day later.
    [InlineData(PrivacyUnit.Subject, "2024-04-01T21:59:59Z", "2024-02-29T23:00:00Z")]
    [InlineData(PrivacyUnit.Subject, "2024-04-01T22:00:00Z", "2024-03-31T22:00:00Z")]
    [InlineData(PrivacyUnit.SubjectPerDay, "2024-03-31T22:59:59Z", "2024-03-29T23:00:00Z")]
    [InlineData(PrivacyUnit.SubjectPerDay, "2024-03-31T23:00:00Z", "2024-03-30T23:00:00Z")]
    [InlineData(PrivacyUnit.SubjectPerWeek, "2024-04-01T21:59:59Z", "2024-03-24T23:00:00Z")]
    [InlineData(PrivacyUnit.SubjectPerWeek, "2024-04-01T22:00:00Z", "2024-03-31T22:00:00Z")]
    public void A_window_is_sealed_a_day_after_its_end_in_the_datasets_zone(PrivacyUnit unit, string asOf, string through) =>
        Assert.Equal(Instant(through), TruncationWindow.SealedThrough(Vienna(unit), Instant(asOf)));

    [Fact]
    public void What_is_sealed_never_shrinks_and_no_window_is_sealed_before_its_grace()
    {
        foreach (PrivacyUnit unit in Enum.GetValues<PrivacyUnit>())
        {
            DateTime before = DateTime.MinValue;
            for (DateTime asOf = Instant("2023-12-20T00:00:00Z"); asOf < Instant("2025-01-10T00:00:00Z"); asOf = asOf.AddHours(5))
            {
                DateTime through = TruncationWindow.SealedThrough(Vienna(unit), asOf);
                Assert.True(through >= before);
                Assert.True(through + TruncationWindow.Grace <= asOf);
                before = through;
            }
        }
    }

    private static Dataset Vienna(PrivacyUnit unit) => Datasets.Sample(1) with { Unit = unit, TimeZone = "Europe/Vienna" };

    private static DateTime Instant(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
