namespace Opaline.Catalog;

/// <summary>
/// The period in which contributions of one unit are ranked: the unit's own, and a calendar month of the dataset's zone for the unit
/// <see cref="PrivacyUnit.Subject"/>. Windows are cut and sealed by the catalog and public ticks alone, never by data.
/// </summary>
public static class TruncationWindow
{
    /// <summary>How long after its end a window is sealed: public and the same for all, so that what comes a little late is still ranked with the rest.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromDays(1);

    /// <summary>First date of the window that holds the date.</summary>
    public static DateOnly FirstDate(PrivacyUnit unit, DateOnly date) => unit switch
    {
        PrivacyUnit.SubjectPerDay => date,
        // Monday first.
        PrivacyUnit.SubjectPerWeek => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        PrivacyUnit.SubjectPerMonth or PrivacyUnit.Subject => new DateOnly(date.Year, date.Month, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>First date of the next window.</summary>
    /// <param name="unit">The privacy unit.</param>
    /// <param name="first">First date of a window.</param>
    public static DateOnly Next(PrivacyUnit unit, DateOnly first) => unit switch
    {
        PrivacyUnit.SubjectPerDay => first.AddDays(1),
        PrivacyUnit.SubjectPerWeek => first.AddDays(7),
        PrivacyUnit.SubjectPerMonth or PrivacyUnit.Subject => first.AddMonths(1),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>The instant up to which every window of the dataset is to be sealed at a tick: the start of the first window that is not over for <see cref="Grace"/>.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="asOf">When the tick began, UTC.</param>
    public static DateTime SealedThrough(Dataset dataset, DateTime asOf)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ZoneCalendar calendar = ZoneCalendar.Of(dataset);
        return calendar.StartOf(FirstDate(dataset.Unit, calendar.DateOf(asOf - Grace)));
    }
}
