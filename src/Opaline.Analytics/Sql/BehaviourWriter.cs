using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Writes behaviours: windows over one subject's events in the order of their times, and of their arrival where times are equal.</summary>
internal sealed class BehaviourWriter(SqlParameters parameters, ExpressionWriter expressions, Func<PlannedTable, IEnumerable<string>> filters)
{
    private const string Of = $"PARTITION BY {EventTable.Subject}";
    private const string InOrder = $"{Of} ORDER BY {EventTable.Time}, {EventTable.Seq}";

    public string Write(PlannedSource source) => source switch
    {
        PlannedFunnel funnel => Funnel(funnel),
        PlannedRetention retention => Retention(retention),
        PlannedSessions sessions => Sessions(sessions),
        PlannedActivity activity => Activity(activity),
        PlannedPaths paths => Paths(paths),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private string Events(PlannedTable table, IEnumerable<PlannedExpression> where, params IEnumerable<string> columns) =>
        $"SELECT {string.Join(", ", [EventTable.Subject, EventTable.Time, .. columns])} FROM {EventTable.Name(table.Table)} "
        + $"WHERE {string.Join(" AND ", [.. filters(table), .. where.Select(expressions.Write)])}";

    // a1, a2, …: where an event takes a step, the latest time of a first step from which it can be reached in the window; the latest leaves most time.
    private string Funnel(PlannedFunnel funnel)
    {
        int steps = funnel.Steps.Length;
        string[] takes = [.. funnel.Steps.Select((_, i) => Number("c", i + 1))];
        string events = Events(
            funnel.Events,
            funnel.Where,
            [EventTable.Seq, .. funnel.Steps.Select((s, i) => $"CASE WHEN {expressions.Write(s)} THEN 1 ELSE 0 END AS {takes[i]}")]);
        string list = $"{EventTable.Subject}, {EventTable.Time}, {EventTable.Seq}";
        string sql = $"SELECT {list}, {string.Join(", ", takes[1..])}, CASE WHEN {takes[0]} = 1 THEN {EventTable.Time} END AS began, "
            + $"CASE WHEN {takes[0]} = 1 THEN {EventTable.Time} END AS a1, {takes[0]} AS reached FROM ({events}) AS events WHERE {string.Join(" + ", takes)} > 0";
        for (int i = 2; i <= steps; i++)
        {
            string rest = string.Concat(takes[(i - 1)..].Select(t => $", {t}"));
            string later = string.Concat(takes[i..].Select(t => $", {t}"));
            string before = $"max({Number("a", i - 1)}) OVER ({InOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before";
            string inTime = funnel.Window is { } window ? $" AND {EventTable.Time} <= before + {Interval(window)}" : "";
            string taken = $"{takes[i - 1]} = 1 AND before IS NOT NULL{inTime}";
            sql = $"SELECT {list}{later}, began, CASE WHEN {taken} THEN before END AS {Number("a", i)}, CASE WHEN {taken} THEN {i} ELSE reached END AS reached "
                + $"FROM (SELECT {list}{rest}, began, reached, {before} FROM ({sql}) AS {Number("taken", i - 1)}) AS {Number("step", i)}";
        }

        return $"SELECT {EventTable.Subject}, min(began) AS {EventTable.Time}, CAST(max(reached) AS BIGINT) AS {EventTable.Column(funnel.Step)} "
            + $"FROM ({sql}) AS {Number("taken", steps)} GROUP BY {EventTable.Subject} HAVING max(reached) > 0";
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
            events = $"SELECT {EventTable.Subject}, {EventTable.Time}, {began} FROM ({Events(retention.Events, retention.Where)}) AS events";
        }
        else
        {
            (Period period, DayOffsets offsets) = retention.Calendar!.Value;
            string number = period == Period.Month ? EventTime.MonthNumber(offsets) : CalendarWriter.PeriodNumber(period, offsets);
            elapsed = period == Period.Week ? "CAST(floor(CAST(number - first_number AS DOUBLE PRECISION) / 7) AS BIGINT)" : "number - first_number";
            events = $"SELECT {EventTable.Subject}, number, min(number) OVER ({Of}) AS first_number, {began} "
                + $"FROM ({Events(retention.Events, retention.Where, $"{number} AS number")}) AS events";
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
            + $"FROM ({Events(sessions.Events, sessions.Where, EventTable.Seq)}) AS events) AS marked";
        string minutes = $"CAST(floor(CAST(EXTRACT(EPOCH FROM (max({EventTable.Time}) - min({EventTable.Time}))) AS DOUBLE PRECISION) / 60) AS BIGINT)";
        return $"SELECT {EventTable.Subject}, min({EventTable.Time}) AS {EventTable.Time}, {Capped("COUNT(*)", BehaviourFields.Events)}, "
            + $"{Capped(minutes, BehaviourFields.Minutes)} FROM ({numbered}) AS numbered GROUP BY {EventTable.Subject}, session";

        string Capped(string number, string field) =>
            $"least({number}, {parameters.Add(sessions.Bound(field))}) AS {EventTable.Column(sessions.Rows.Find(field)!)}";
    }

    private string Activity(PlannedActivity activity)
    {
        string column = EventTable.Column(activity.Period);
        string brief = $"{CalendarWriter.PeriodNumber(activity.Short.Period, activity.Offsets)} AS {column}";
        string lengthy = $"{CalendarWriter.PeriodNumber(activity.Long.Period, activity.Offsets)} + {parameters.Add(PlannedActivity.LongOffset)} AS {column}";
        return $"{Events(activity.Events, activity.Where, brief)} UNION ALL {Events(activity.Events, activity.Where, lengthy)}";
    }

    private string Paths(PlannedPaths paths)
    {
        string value = expressions.Write(paths.Value);
        string events = Events(paths.Events, paths.Where, EventTable.Seq, $"{value} AS value");
        IEnumerable<string> steps = Enumerable.Range(1, paths.Length).Select(i =>
            $"{(i == 1 ? "value" : $"lead(value, {i - 1}) OVER ({InOrder})")} AS {EventTable.Column(paths.Rows.Find(BehaviourFields.StepOf(i))!)}");
        return $"SELECT {string.Join(", ", [EventTable.Subject, EventTable.Time, .. steps])} FROM ({events}) AS events WHERE value IS NOT NULL";
    }

    private static string Interval(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{(long)time.TotalSeconds} seconds'");

    private static string Number(string letter, int index) => string.Create(CultureInfo.InvariantCulture, $"{letter}{index}");
}
