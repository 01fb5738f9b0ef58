using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>Writes behaviours: windows over one subject's events in the order of their times, and of their arrival where times are equal.</summary>
internal sealed class BehaviourWriter(
    SqlParameters parameters, ExpressionWriter expressions, Func<PlannedTable, IEnumerable<string>> filters, SqlDialect dialect)
{
    // DuckDB's optimizer walks twice through what a window reads, so that its work doubles with every window in another: a WITH query that is computed on
    // its own ends that. A distributed PostgreSQL would gather such a query on one machine, and needs none.
    private const int MaxNestedWindows = 5;

    private const string Of = $"PARTITION BY {EventTable.Subject}";
    private const string InOrder = $"{Of} ORDER BY {EventTable.Time}, {EventTable.Seq}";

    public string Write(PlannedBehaviour source) => source switch
    {
        PlannedFunnel funnel => Funnel(funnel),
        PlannedRetention retention => Retention(retention),
        PlannedSessions sessions => Sessions(sessions),
        PlannedActivity activity => Activity(activity),
        PlannedPaths paths => Paths(paths),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private string Events(PlannedBehaviour source, params IEnumerable<string> columns) =>
        $"SELECT {List([EventTable.Subject, EventTable.Time, .. columns])} FROM {EventTable.Name(source.Events.Table)} "
        + $"WHERE {string.Join(" AND ", [.. filters(source.Events), .. source.Where.Select(expressions.Write)])}";

    // Step by step: began_by is, where an event takes the step, the latest time of a first step from which it can be reached in the window; the latest
    // leaves most time. What an event could take is one number, a bit for each step, and each level names the one below once.
    private string Funnel(PlannedFunnel funnel)
    {
        IEnumerable<string> bits = funnel.Steps.Select((step, i) => $"CASE WHEN {expressions.Write(step)} THEN {Bit(i)} ELSE 0 END");
        string events = Events(funnel, EventTable.Seq, $"{string.Join(" + ", bits)} AS takes");
        string kept = $"{EventTable.Subject}, {EventTable.Time}, {EventTable.Seq}, takes";
        string first = $"CASE WHEN {Takes(0)} THEN {EventTable.Time} END";
        string taken = $"SELECT {kept}, {first} AS began, {first} AS began_by, CASE WHEN {Takes(0)} THEN 1 ELSE 0 END AS reached FROM ({events}) AS events WHERE takes > 0";
        string inTime = funnel.Window is { } window ? $" AND {EventTable.Time} <= before + {Interval(window)}" : "";
        List<string> computed = [];
        for (int i = 1; i < funnel.Steps.Length; i++)
        {
            string below = $"({taken}) AS {Number("taken", i)}";
            if (dialect == SqlDialect.DuckDb && i % MaxNestedWindows == 0)
            {
                computed.Add($"{Number("taken", i)} AS MATERIALIZED ({taken})");
                below = Number("taken", i);
            }

            string before = $"max(began_by) OVER ({InOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before";
            string takes = $"{Takes(i)} AND before IS NOT NULL{inTime}";
            taken = $"SELECT {kept}, began, CASE WHEN {takes} THEN before END AS began_by, CASE WHEN {takes} THEN {Number("", i + 1)} ELSE reached END AS reached "
                + $"FROM (SELECT {kept}, began, reached, {before} FROM {below}) AS {Number("step", i + 1)}";
        }

        string with = computed.Count == 0 ? "" : $"WITH {List(computed)} ";
        return $"{with}SELECT {EventTable.Subject}, min(began) AS {EventTable.Time}, CAST(max(reached) AS BIGINT) AS {EventTable.Column(funnel.Step)} "
            + $"FROM ({taken}) AS taken GROUP BY {EventTable.Subject} HAVING max(reached) > 0";

        static string Bit(int step) => Number("", 1 << step);
        static string Takes(int step) => $"(takes & {Bit(step)}) > 0";
    }

    private string Retention(PlannedRetention retention)
    {
        string began = $"min({EventTable.Time}) OVER ({Of}) AS began";
        string elapsed;
        string events;
        if (retention.Days is { } days)
        {
            StringBuilder ladder = new("CASE");
            for (int i = 0; i < retention.Periods; i++)
                ladder.Append(CultureInfo.InvariantCulture, $" WHEN {EventTable.Time} < began + {Interval(TimeSpan.FromDays((long)days * (i + 1)))} THEN {i}");
            elapsed = $"CAST({ladder} END AS BIGINT)";
            events = $"SELECT {EventTable.Subject}, {EventTable.Time}, {began} FROM ({Events(retention)}) AS events";
        }
        else
        {
            (Period period, DayOffsets offsets) = retention.Calendar!.Value;
            string number = period == Period.Month ? EventTime.MonthNumber(offsets) : CalendarWriter.PeriodNumber(period, offsets);
            elapsed = period == Period.Week ? "CAST(floor(CAST(number - first_number AS DOUBLE PRECISION) / 7) AS BIGINT)" : "number - first_number";
            events = $"SELECT {EventTable.Subject}, number, min(number) OVER ({Of}) AS first_number, {began} "
                + $"FROM ({Events(retention, $"{number} AS number")}) AS events";
        }

        string column = EventTable.Column(retention.Elapsed);
        return $"SELECT {EventTable.Subject}, {EventTable.Time}, {column} FROM "
            + $"(SELECT {EventTable.Subject}, began AS {EventTable.Time}, {elapsed} AS {column} FROM ({events}) AS seen) AS elapsed "
            + $"WHERE {column} < {parameters.Add((long)retention.Periods)}";
    }

    private string Sessions(PlannedSessions sessions)
    {
        string began = $"CASE WHEN {EventTable.Time} > lag({EventTable.Time}) OVER ({InOrder}) + {Interval(sessions.Gap)} THEN 1 ELSE 0 END AS began";
        string numbered = $"SELECT {EventTable.Subject}, {EventTable.Time}, sum(began) OVER ({InOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session "
            + $"FROM (SELECT {EventTable.Subject}, {EventTable.Time}, {EventTable.Seq}, {began} "
            + $"FROM ({Events(sessions, EventTable.Seq)}) AS events) AS marked";
        string minutes = $"CAST(floor(CAST(EXTRACT(EPOCH FROM (max({EventTable.Time}) - min({EventTable.Time}))) AS DOUBLE PRECISION) / 60) AS BIGINT)";
        return $"SELECT {EventTable.Subject}, min({EventTable.Time}) AS {EventTable.Time}, {Capped("COUNT(*)", BehaviourFields.Events)}, "
            + $"{Capped(minutes, BehaviourFields.Minutes)} FROM ({numbered}) AS numbered GROUP BY {EventTable.Subject}, session";

        string Capped(string number, string field) =>
            $"least({number}, {parameters.Add(sessions.Bound(field))}) AS {EventTable.Column(sessions.Schema.Find(field)!)}";
    }

    private string Activity(PlannedActivity activity)
    {
        string column = EventTable.Column(activity.Period);
        string brief = $"{CalendarWriter.PeriodNumber(activity.Short.Period, activity.Offsets)} AS {column}";
        string lengthy = $"{CalendarWriter.PeriodNumber(activity.Long.Period, activity.Offsets)} + {parameters.Add(PlannedActivity.LongOffset)} AS {column}";
        return $"{Events(activity, brief)} UNION ALL {Events(activity, lengthy)}";
    }

    private string Paths(PlannedPaths paths)
    {
        string value = expressions.Write(paths.Value);
        string events = Events(paths, EventTable.Seq, $"{value} AS value");
        IEnumerable<string> steps = Enumerable.Range(1, paths.Length).Select(i =>
            $"{(i == 1 ? "value" : $"lead(value, {i - 1}) OVER ({InOrder})")} AS {EventTable.Column(paths.Schema.Find(BehaviourFields.StepOf(i))!)}");
        return $"SELECT {List([EventTable.Subject, EventTable.Time, .. steps])} FROM ({events}) AS events WHERE value IS NOT NULL";
    }

    private static string Interval(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{(long)time.TotalSeconds} seconds'");
}
