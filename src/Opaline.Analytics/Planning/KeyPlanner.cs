using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves the keys of an answer's rows.</summary>
internal static class KeyPlanner
{
    private static readonly ImmutableArray<string> Booleans = ["false", "true"];

    public static ImmutableArray<PlannedKey> Plan(Dataset dataset, ImmutableArray<GroupKey> keys, ZoneCalendar calendar, TimeRange range)
    {
        ImmutableArray<PlannedKey>.Builder planned = ImmutableArray.CreateBuilder<PlannedKey>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.group_by[{i}]");
            PlannedKey key = keys[i] switch
            {
                PeriodKey period => Plan(period.Period, calendar, range, path),
                FieldKey field => Plan(dataset, field.Field, path),
                _ => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A key is {\"field\": …} or {\"period\": …}.", path),
            };
            if (planned.Any(k => k is PlannedPeriod && key is PlannedPeriod))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A query has at most one period.", path);
            if (planned.Any(k => k.Name == key.Name))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Name each key once.", path);
            planned.Add(key);
        }

        CheckCells(planned);
        return planned.ToImmutable();
    }

    private static PlannedPeriod Plan(Period period, ZoneCalendar calendar, TimeRange range, string path)
    {
        PeriodGrid grid = PeriodGrid.For(period, calendar, range.From, range.To, QueryLimits.MaxCells)
            ?? throw new QueryRefusedException(
                RefusalCodes.TooManyCells, $"The range has more than {QueryLimits.MaxCells} periods: narrow it by \"from\" and \"to\", or ask for longer periods.", path);
        if (period == Period.Hour && calendar.HasPartHours(range.From, range.To))
        {
            throw new QueryRefusedException(
                RefusalCodes.UnknownTimeZone, "Hours are cut in whole hours from UTC, which this zone is not: ask by the hour in UTC, or by the day.", path);
        }

        DayOffsets offsets = period == Period.Hour ? new DayOffsets([new DayOffsets.Segment(null, 0)]) : DayOffsets.For(calendar, range.From, range.To);
        return new PlannedPeriod(QueryWords.Of(period), grid, offsets);
    }

    private static PlannedField Plan(Dataset dataset, string name, string path)
    {
        Field field = FieldUse.Key(dataset, name, path + ".field");
        ImmutableArray<string>? domain = field.Domain ?? (field.Stored == StoredType.Boolean ? Booleans : null);
        return new PlannedField(field.Name, field, domain is { } values ? [.. values.Order(StringComparer.Ordinal)] : null);
    }

    // Public cells beyond the cap would all need noise, and a private key does not make fewer of them.
    private static void CheckCells(ImmutableArray<PlannedKey>.Builder keys)
    {
        long cells = 1;
        foreach (PlannedKey key in keys)
        {
            cells *= key.Values ?? 1;
            if (cells > QueryLimits.MaxCells)
            {
                throw new QueryRefusedException(
                    RefusalCodes.TooManyCells,
                    $"The answer would have more than {QueryLimits.MaxCells} cells (periods times public values): narrow the range or use fewer keys.",
                    "$.group_by");
            }
        }
    }
}
