using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves behaviours: rows about subjects that are made of the order and the times of their events.</summary>
internal sealed class BehaviourPlanner(PlannedTable events, ZoneCalendar calendar, TimeRange range)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(3_660);

    private readonly ExpressionPlanner _expressions = new(events.Schema, calendar, range);
    private readonly SourceFields _fields = new(events.Schema);

    public PlannedSource Plan(Source source, string path) => source switch
    {
        FunnelSource funnel => Funnel(funnel, path + ".funnel"),
        RetentionSource retention => Retention(retention, path + ".retention"),
        SessionSource sessions => Sessions(sessions, path + ".sessions"),
        ActivitySource activity => Activity(activity, path + ".active_users"),
        PathSource paths => Paths(paths, path + ".paths"),
        _ => throw Refuse("Unknown kind of source.", path),
    };

    private PlannedFunnel Funnel(FunnelSource funnel, string path)
    {
        if (funnel.Steps.Length is < 2 or > QueryLimits.MaxSteps)
            throw Refuse($"A funnel has 2 to {QueryLimits.MaxSteps} steps.", path + ".steps");
        if (funnel.Window is { } window)
            CheckTime(window, path + ".window");
        ImmutableArray<PlannedExpression> steps =
            [.. funnel.Steps.Select((s, i) => _expressions.Condition(s.Condition, string.Create(CultureInfo.InvariantCulture, $"{path}.steps[{i}].condition")))];
        ImmutableArray<string> names = [.. funnel.Steps.Select((s, i) => s.Name ?? string.Create(CultureInfo.InvariantCulture, $"{i + 1}"))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length || !names.All(GivenName.IsGood))
            throw Refuse($"Each step has a name of its own, of 1 to {GivenName.MaxLength} characters, none of them a control character.", path + ".steps");
        _fields.AddCount(BehaviourFields.Step, 1, steps.Length);
        return new PlannedFunnel(_fields.Schema, events, Where(funnel.Where, path), steps, names, funnel.Window);
    }

    private PlannedRetention Retention(RetentionSource retention, string path)
    {
        if (retention.Periods is < 2 or > QueryLimits.MaxRetentionPeriods)
            throw Refuse($"\"periods\" is a whole number from 2 to {QueryLimits.MaxRetentionPeriods}.", path + ".periods");
        if (retention.Days is null == retention.Calendar is null || retention.Days is < 1 or > 366 || retention.Calendar is Period.Hour)
            throw Refuse("\"every\" is a number of days from 1d to 366d, or day, week or month.", path + ".every");
        _fields.AddCount(BehaviourFields.Elapsed, 0, retention.Periods - 1);
        return new PlannedRetention(
            _fields.Schema,
            events,
            Where(retention.Where, path),
            retention.Periods,
            retention.Days,
            retention.Calendar is { } period ? (period, DayOffsets.For(calendar, range.From, range.To)) : null);
    }

    private PlannedSessions Sessions(SessionSource sessions, string path)
    {
        CheckTime(sessions.Gap, path + ".gap");
        if (sessions.MostEvents is < 2 or > QueryLimits.MaxBound || sessions.MostMinutes is < 1 or > QueryLimits.MaxBound)
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, $"The bounds of a session are whole numbers of at most {QueryLimits.MaxBound}.", path);
        _fields.AddCount(BehaviourFields.Events, 1, sessions.MostEvents);
        _fields.AddCount(BehaviourFields.Minutes, 0, sessions.MostMinutes);
        return new PlannedSessions(_fields.Schema, events, Where(sessions.Where, path), sessions.Gap);
    }

    private PlannedActivity Activity(ActivitySource activity, string path)
    {
        if (activity is not ({ Within: Period.Month, Of: Period.Day or Period.Week } or { Within: Period.Week, Of: Period.Day }))
            throw new QueryRefusedException(RefusalCodes.InvalidPeriod, "Days lie within weeks or months, and weeks within months.", path);
        PeriodGrid brief = Grid(activity.Of);
        PeriodGrid lengthy = Grid(activity.Within);
        _fields.AddKey(
            BehaviourFields.Period,
            FieldType.Int64,
            [.. brief.Keys.Select(k => PlannedActivity.Label(k, false)), .. lengthy.Keys.Select(k => PlannedActivity.Label(k, true))]);
        return new PlannedActivity(_fields.Schema, events, Where(activity.Where, path), brief, lengthy, DayOffsets.For(calendar, range.From, range.To));
    }

    private PeriodGrid Grid(Period period) => PeriodGrid.For(period, calendar, range.From, range.To, QueryLimits.MaxCells)
        ?? throw new QueryRefusedException(
            RefusalCodes.TooManyCells, $"The range has more than {QueryLimits.MaxCells} periods: narrow it by \"from\" and \"to\".", "$.from");

    private PlannedPaths Paths(PathSource paths, string path)
    {
        if (paths.Length is < 2 or > 3)
            throw Refuse("A path has 2 or 3 steps.", path + ".length");
        Field field = FieldUse.Key(events.Schema, paths.Field, path + ".field");
        for (int i = 1; i <= paths.Length; i++)
            _fields.Add(field, BehaviourFields.StepOf(i));
        return new PlannedPaths(
            _fields.Schema, events, Where(paths.Where, path), new PlannedColumn(ConstantReader.KindOf(field.Stored!.Value), field), paths.Length);
    }

    private ImmutableArray<PlannedExpression> Where(ImmutableArray<Expression> where, string path) => where.Length <= QueryLimits.MaxConditions
        ? _expressions.Conditions(where, path + ".where")
        : throw Refuse($"There are at most {QueryLimits.MaxConditions} conditions.", path + ".where");

    private static void CheckTime(TimeSpan time, string path)
    {
        if (time < TimeSpan.FromSeconds(1) || time > MaxTime || time.Ticks % TimeSpan.TicksPerSecond != 0)
            throw Refuse("A time is a whole number of seconds, minutes, hours or days, such as 30m or 7d, of at most 3,660 days.", path);
    }

    private static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.InvalidQuery, detail, path);
}
