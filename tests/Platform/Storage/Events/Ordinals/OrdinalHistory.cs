using System.Collections.Immutable;
using CsCheck;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Storage.Events.Ordinals;

/// <summary>
/// Rows of three subjects that come, and go with their subject, over four ticks, in three windows of which one more is sealed at each tick; and the rows of one unit among them.
/// </summary>
internal sealed record OrdinalHistory(ImmutableArray<OrdinalModel.Row> Rows, ImmutableArray<OrdinalModel.Row> Unit)
{
    public const int Ticks = 4;
    public const int Windows = 3;
    public const int DaysPerWindow = 3;

    private const int Subjects = 3;

    public static IReadOnlyList<string> Actions { get; } = ["buy", "look", "say"];

    public static IReadOnlyList<string> Cities { get; } = ["Graz", "Wien"];

    /// <summary>All rows but those of the unit.</summary>
    public ImmutableArray<OrdinalModel.Row> Others => [.. Rows.Where(r => !Unit.Contains(r))];

    /// <summary>The instant of tick <paramref name="tick"/>: a while after the grace of the window of that number.</summary>
    public static DateTime TickTime(PrivacyUnit unit, TimeZoneInfo zone, int tick) =>
        Utc(zone, Start(unit, tick + 1)) + TruncationWindow.Grace + TimeSpan.FromHours(2);

    /// <summary>Histories for a unit and a zone, whose windows lie around a night in which clocks change.</summary>
    public static Gen<OrdinalHistory> Generator(PrivacyUnit unit, TimeZoneInfo zone) =>
        from rows in RowOf(unit, zone).Array[0, 30]
        from erased in Gen.Int[1, 4 * Ticks].Array[Subjects]
        from removed in Gen.Int[0, 29]
        select Make(unit, rows, erased, removed);

    private static Gen<OrdinalModel.Row> RowOf(PrivacyUnit unit, TimeZoneInfo zone) =>
        from subject in Gen.Int[1, Subjects]
        from window in Gen.Int[0, Windows - 1]
        from day in Gen.Int[0, unit == PrivacyUnit.SubjectPerDay ? 0 : DaysPerWindow - 1]
        from minutes in Gen.Int[0, (24 * 60) - 1]
        from action in Gen.Int[0, Actions.Count]
        from city in Gen.Int[0, Cities.Count - 1]
        from value in Gen.Int[-3, 3]
        from tick in Gen.Int[0, Ticks - 1]
        select Row(unit, zone, subject, window, day, minutes, action, city, value, tick);

    private static OrdinalModel.Row Row(
        PrivacyUnit unit, TimeZoneInfo zone, int subject, int window, int day, int minutes, int action, int city, int value, int tick)
    {
        DateOnly date = Start(unit, window).AddDays(day);
        // A local time that clocks jump over is the one an hour later.
        DateTime local = date.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes);
        DateTime time = TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(local) ? local.AddHours(1) : local, zone);
        return new OrdinalModel.Row(
            0, subject, Number(Start(unit, window)), Number(date), action == 0 ? null : Actions[action - 1], Cities[city], value, tick, window, null, time);
    }

    private static OrdinalHistory Make(PrivacyUnit unit, OrdinalModel.Row[] rows, int[] erased, int removed)
    {
        // The number of the erased never comes back.
        ImmutableArray<OrdinalModel.Row> all =
        [
            .. rows.Where(r => r.Tick < erased[r.Subject - 1])
                .OrderBy(r => r.Tick)
                .Select((r, i) => r with { Number = i, Deleted = erased[r.Subject - 1] is var gone && gone < Ticks ? gone : null }),
        ];
        if (all.IsEmpty)
            return new OrdinalHistory([], []);
        OrdinalModel.Row one = all[removed % all.Length];
        return new OrdinalHistory(all, [.. all.Where(r => r.Subject == one.Subject && (unit == PrivacyUnit.Subject || r.Window == one.Window))]);
    }

    // The last Sunday of March lies in one of the windows.
    private static DateOnly Start(PrivacyUnit unit, int window) => unit switch
    {
        PrivacyUnit.SubjectPerDay => new DateOnly(2024, 3, 30).AddDays(window),
        PrivacyUnit.SubjectPerWeek => new DateOnly(2024, 3, 18).AddDays(7 * window),
        _ => new DateOnly(2024, 2, 1).AddMonths(window),
    };

    private static DateTime Utc(TimeZoneInfo zone, DateOnly date) => TimeZoneInfo.ConvertTimeToUtc(date.ToDateTime(TimeOnly.MinValue), zone);

    private static long Number(DateOnly date) => date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
}
