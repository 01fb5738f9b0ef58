using System.Collections.Immutable;
using System.Globalization;
using Opaline.Access;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Turns the parameters of the aggregate endpoint into a query.</summary>
public sealed class MetricQueries
{
    private const string CountSuffix = "_count";
    private const int DefaultPeriods = 30;
    private const int MaxText = 256;

    private readonly CatalogStore _catalog;
    private readonly PublicClock _clock;

    internal MetricQueries(CatalogStore catalog, PublicClock clock)
    {
        _catalog = catalog;
        _clock = clock;
    }

    /// <summary>
    /// The query of a metric: a declared one of the dataset, else on <c>events</c> the count of any well-formed action, whether or not anybody ever did it.
    /// Without a range: the last 30 whole periods (days, where there is no period) before the current tick.
    /// </summary>
    /// <exception cref="QueryRefusedException">A parameter is no good; <see cref="QueryRefusedException.Path"/> is its name.</exception>
    public MetricQuery Build(Caller caller, MetricRequest request)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        Dataset dataset = QueryPlanner.Find(_catalog, caller.Tenant, request.Dataset ?? EventsDataset.Name, "dataset");
        string name = request.Metric ?? throw new QueryRefusedException(
            RefusalCodes.InvalidMetric, "Give a metric, such as metric=login_count.", "metric");
        Metric? declared = dataset.Metrics.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal));
        Query own = declared is null ? Count(dataset, name) : QueryJson.Parse(declared.QueryJson);
        Query query = WithKeys(own, request);
        bool brokenDown = query.GroupBy.Any(k => k is not PeriodKey && !own.GroupBy.Contains(k));
        query = WithAccuracy(query, request);
        query = query with { TimeZone = request.TimeZone ?? query.TimeZone };
        return new MetricQuery(name, WithRange(query, dataset, request), declared?.ListedForViewers ?? false, brokenDown);
    }

    // Any well-formed action plans and costs the same: an error for an unknown one would be an existence test without noise.
    private static Query Count(Dataset dataset, string name)
    {
        string action = name.EndsWith(CountSuffix, StringComparison.Ordinal) ? name[..^CountSuffix.Length] : "";
        return dataset.Name == EventsDataset.Name && EventsDataset.IsAction(action)
            ? new Query(dataset.Name, [new Measure(MeasureFunction.Count, null, name)])
            {
                Where = [Expression.Condition(EventsDataset.Action, Operation.Equal, [Literal.Of(action)])],
            }
            : throw new QueryRefusedException(
                RefusalCodes.InvalidMetric,
                "A metric is a declared one, or on the dataset events <action>_count with 1 to 64 characters of A-Z a-z 0-9 _ . : / -.",
                "metric");
    }

    private static Query WithKeys(Query query, MetricRequest request)
    {
        ImmutableArray<GroupKey> keys = query.GroupBy;
        if (request.Period is { } word)
            keys = [new PeriodKey(ReadPeriod(word)), .. keys.Where(k => k is not PeriodKey)];
        if (request.GroupBy is { } fields)
            keys = [.. keys, .. Split(fields).Select(f => new ExpressionKey(f)).Where(f => !keys.Contains(f))];
        return query with { GroupBy = keys };
    }

    /// <summary>The period of a word such as <c>daily</c> or <c>day</c>.</summary>
    /// <exception cref="QueryRefusedException">There is none.</exception>
    public static Period ReadPeriod(string word) => word switch
    {
        "hourly" or "hour" => Period.Hour,
        "daily" or "day" => Period.Day,
        "weekly" or "week" => Period.Week,
        "monthly" or "month" => Period.Month,
        _ => throw new QueryRefusedException(RefusalCodes.InvalidPeriod, "period is hourly, daily, weekly or monthly.", "period"),
    };

    private static string[] Split(string fields)
    {
        string[] names = fields.Length <= MaxText * QueryLimits.MaxKeys ? fields.Split(',', StringSplitOptions.TrimEntries) : [""];
        return names.Length <= QueryLimits.MaxKeys && names.All(n => n.Length is > 0 and <= MaxText)
            ? names
            : throw new QueryRefusedException(
                RefusalCodes.InvalidQuery, $"group_by lists 1 to {QueryLimits.MaxKeys} dimensions, separated by commas.", "group_by");
    }

    private static Query WithAccuracy(Query query, MetricRequest request)
    {
        if (request.Epsilon is not null && request.Error is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Give epsilon or error, not both: one follows from the other.", "error");
        if (request.Epsilon is { } epsilon)
            return query with { Epsilon = ReadNumber(epsilon, RefusalCodes.InvalidEpsilon, "epsilon"), Error = null };
        return request.Error is { } error
            ? query with { Epsilon = null, Error = new ErrorTarget(ReadNumber(error, RefusalCodes.InvalidErrorTarget, "error"), MeasurePrecision.Confidence) }
            : query;
    }

    private static double ReadNumber(string text, string code, string path) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
        && value > 0
            ? value
            : throw new QueryRefusedException(code, $"{path} must be a number above 0, such as 0.5.", path);

    private static RangeEdge ReadEdge(string text, string path) => RangeEdgeText.Read(text) ?? throw new QueryRefusedException(
        RefusalCodes.InvalidRange, $"{path} is a date such as 2024-01-15 or an RFC 3339 instant such as 2024-01-15T10:30:00Z.", path);

    private Query WithRange(Query query, Dataset dataset, MetricRequest request)
    {
        RangeEdge? from = request.From is { } first ? ReadEdge(first, "from") : query.From;
        RangeEdge? to = request.To is { } last ? ReadEdge(last, "to") : query.To;
        if (from is not null && to is not null)
            return query with { From = from, To = to };
        ZoneCalendar calendar = RangePlanner.Calendar(query.TimeZone ?? dataset.TimeZone, "tz");
        Period period = query.GroupBy.OfType<PeriodKey>().FirstOrDefault()?.Period ?? Period.Day;
        to ??= RangeEdge.At(End(dataset, calendar, period, from));
        from ??= RangeEdge.At(Back(calendar, period, RangePlanner.InstantOf(to, calendar)));
        return query with
        {
            From = from,
            To = to,
            RangeOrigin = request is { From: null, To: null } ? RangeOrigin.LastPeriods : RangeOrigin.Request,
        };
    }

    // The start of the running period, if it lies in the declared range and after a given start; else the end of the range.
    private DateTime End(Dataset dataset, ZoneCalendar calendar, Period period, RangeEdge? from)
    {
        DateTime now = _clock.Current.AsOf;
        DateTime start = period == Period.Hour ? PeriodGrid.HourOf(now) : calendar.StartOf(PeriodGrid.FirstDate(period, calendar.DateOf(now)));
        DateTime least = from is null ? dataset.PublicRange.From : RangePlanner.InstantOf(from, calendar);
        return start > least && start <= dataset.PublicRange.To ? start : dataset.PublicRange.To;
    }

    private static DateTime Back(ZoneCalendar calendar, Period period, DateTime to)
    {
        if (period == Period.Hour)
            return to.AddHours(-DefaultPeriods);
        // An end inside a period counts back from that period's start, so that all 30 are whole but perhaps the last.
        DateOnly first = PeriodGrid.FirstDate(period, calendar.DateOf(to));
        return calendar.StartOf(PeriodGrid.Next(period, first, -DefaultPeriods));
    }
}
