using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Consecutive blocks of the ledger, [From, To): numbers of days, weeks or months of the dataset's zone; [0, 1) for the unit Subject.</summary>
internal readonly record struct BlockInterval(long From, long To)
{
    public static BlockInterval Whole { get; } = new(0, 1);

    public long Count => To - From;

    /// <summary>The period that one unit lasts; null for a whole history.</summary>
    public static Period? PeriodOf(PrivacyUnit unit) => unit switch
    {
        PrivacyUnit.Subject => null,
        PrivacyUnit.SubjectPerDay => Period.Day,
        PrivacyUnit.SubjectPerWeek => Period.Week,
        PrivacyUnit.SubjectPerMonth => Period.Month,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>The number of the block that begins at the date.</summary>
    public static long Number(Period period, DateOnly first) => period switch
    {
        Period.Day => PeriodGrid.DayNumber(first),
        // 1970-01-01 was a Thursday, so Monday -3 begins week 0.
        Period.Week => (PeriodGrid.DayNumber(first) + 3) / 7,
        Period.Month => ((first.Year - 1970) * 12) + first.Month - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    /// <summary>The first date of the block of that number.</summary>
    public static DateOnly FirstDate(Period period, long number)
    {
        DateOnly epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);
        return period switch
        {
            Period.Day => epoch.AddDays((int)number),
            Period.Week => epoch.AddDays((int)((number * 7) - 3)),
            Period.Month => epoch.AddMonths((int)number),
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
    }
}
