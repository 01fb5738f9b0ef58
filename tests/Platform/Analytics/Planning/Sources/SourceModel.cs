using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Planning.Sources;

/// <summary>Sources and what is bounded of them said again in the plainest way, over rows in memory: what SQL must compute, and what sensitivities are checked against.</summary>
internal static class SourceModel
{
    /// <summary>A planner or writer that is wrong in one way.</summary>
    internal enum Twin
    {
        /// <summary>None.</summary>
        Honest,

        /// <summary>A unit's rows are bounded on each side of a join, and not after it.</summary>
        BoundsBeforeJoin,

        /// <summary>Every group of a unit is kept.</summary>
        ForgetsKappa,
    }

    internal sealed record Made(long Subject, DateTime Time, Dictionary<string, object?> Fields);

    /// <summary>Sums by cell, one per component of the plan.</summary>
    public static Dictionary<string, BigInteger[]> Sums(
        QueryPlan plan, IReadOnlyList<BoundedModel.Row> first, IReadOnlyList<BoundedModel.Row> second, byte[] nonce, Twin twin = Twin.Honest)
    {
        if (twin == Twin.BoundsBeforeJoin)
            (first, second) = (Bounded(plan, first), Bounded(plan, second));
        Dictionary<string, BigInteger[]> sums = [];
        List<(Made Row, string[] Keys, string[] Labels)> picked = [];
        foreach (Made row in Rows(plan, plan.Source, first, second))
        {
            (string Text, string Label)?[] keys = [.. plan.Keys.Select(k => Key(plan, k, row))];
            if (keys.All(k => k is not null))
                picked.Add((row, [.. keys.Select(k => k!.Value.Text)], [.. keys.Select(k => k!.Value.Label)]));
        }

        for (int place = 0; place < plan.Components.Length; place++)
        {
            Component component = plan.Components[place];
            (int kappa, bool ranked) = component.Spans ? (plan.Nesting.SpanKappa, plan.Nesting.SpanRanked) : (plan.Nesting.Kappa, plan.Nesting.Ranked);
            bool units = !component.Spans && plan.UnitOffsets is not null;
            foreach (var unit in picked.GroupBy(p => (p.Row.Subject, Unit: units ? Unit(plan, p.Row.Time) : "")))
            {
                IEnumerable<IGrouping<string, (Made Row, string[] Keys, string[] Labels)>> groups = unit.GroupBy(p => BoundedModel.Cell(p.Keys));
                if (ranked && twin != Twin.ForgetsKappa)
                    groups = BoundedModel.InOrder(groups, g => BoundedModel.Order(nonce, unit.Key.Subject, unit.Key.Unit, g.First().Keys), g => g.Key).Take(kappa);
                foreach (var group in groups)
                {
                    string cell = BoundedModel.Cell(group.First().Labels);
                    if (!sums.TryGetValue(cell, out BigInteger[]? values))
                        sums[cell] = values = new BigInteger[plan.Components.Length];
                    values[place] += Contribution(component, group.Select(g => g.Row), twin != Twin.BoundsBeforeJoin);
                }
            }
        }

        return sums;
    }

    private static List<BoundedModel.Row> Bounded(QueryPlan plan, IReadOnlyList<BoundedModel.Row> rows) =>
        [.. rows.GroupBy(r => (r.Subject, Unit(plan, r.Time))).SelectMany(g => g.Take(plan.RowsPerGroup))];

    private static BigInteger Contribution(Component component, IEnumerable<Made> rows, bool bounded)
    {
        ComponentShape shape = component.Shape;
        BigInteger sum = 0;
        foreach (Made row in rows)
        {
            object? value = shape.Value is PlannedColumn column ? row.Fields[column.Field.Name] : null;
            sum += shape.Kind switch
            {
                ComponentKind.Rows or ComponentKind.Units or ComponentKind.Subjects => 1,
                ComponentKind.Sum => value is decimal number ? Steps(number, shape.Grid!) : 0,
                _ => throw new NotSupportedException(),
            };
        }

        if (!bounded && shape.Kind is ComponentKind.Rows or ComponentKind.Sum)
            return sum;
        (long lower, long upper) = component.Clamp;
        return BigInteger.Clamp(sum, lower, upper);
    }

    private static List<Made> Rows(QueryPlan plan, PlannedSource source, IReadOnlyList<BoundedModel.Row> first, IReadOnlyList<BoundedModel.Row> second) => source switch
    {
        PlannedTable table => [.. (table.Table.Name == SourceCase.FirstName ? first : second)
            .Where(r => table.Range is not { } range || (r.Time >= range.From && r.Time < range.To)).Select(Event)],
        PlannedJoin join => [.. Join(plan, join, Rows(plan, join.Left, first, second), Rows(plan, join.Right, first, second))],
        PlannedSubjects subjects => [.. Subjects(subjects, Rows(plan, subjects.Source, first, second))],
        PlannedFunnel funnel => [.. InOrder(Rows(plan, funnel.Events, first, second)).SelectMany(s => Funnel(funnel, s))],
        PlannedRetention retention => [.. InOrder(Rows(plan, retention.Events, first, second)).SelectMany(s => Retention(plan, retention, s))],
        PlannedSessions sessions => [.. InOrder(Rows(plan, sessions.Events, first, second)).SelectMany(s => Sessions(sessions, s))],
        PlannedActivity activity => [.. Rows(plan, activity.Events, first, second).SelectMany(r => Activity(plan, activity, r))],
        PlannedPaths paths => [.. InOrder(Rows(plan, paths.Events, first, second)).SelectMany(s => Paths(paths, s))],
        _ => throw new NotSupportedException(),
    };

    private static Made Event(BoundedModel.Row row) => new(
        row.Subject, row.Time, new Dictionary<string, object?> { ["action"] = row.Action, ["city"] = row.City, ["amount"] = row.Amount });

    // Rows come in the order in which they arrived, which the stable sort keeps where times are equal.
    private static IEnumerable<List<Made>> InOrder(List<Made> rows) => rows.GroupBy(r => r.Subject).Select(g => g.OrderBy(r => r.Time).ToList());

    private static IEnumerable<Made> Join(QueryPlan plan, PlannedJoin join, List<Made> left, List<Made> right)
    {
        foreach (Made row in left)
        {
            Made[] meeting =
            [
                .. right.Where(r => join.On is { } on
                    ? row.Fields[on.Left.Name] is { } value && value.Equals(r.Fields[on.Right.Name])
                    : r.Subject == row.Subject && Unit(plan, r.Time) == Unit(plan, row.Time)),
            ];
            Made?[] others = meeting.Length == 0 && join.Kind == JoinKind.Left ? new Made?[] { null } : meeting;
            foreach (Made? other in others)
            {
                yield return new Made(
                    row.Subject,
                    row.Time,
                    join.Columns.Where(c => c.Of.Name is "action" or "city" or "amount")
                        .ToDictionary(c => c.As.Name, c => c.Right ? other?.Fields[c.Of.Name] : row.Fields[c.Of.Name]));
            }
        }
    }

    private static IEnumerable<Made> Subjects(PlannedSubjects subjects, List<Made> rows)
    {
        foreach (var group in rows.GroupBy(r => (r.Subject, Key: subjects.Keys.IsEmpty ? null : r.Fields["action"])))
        {
            Dictionary<string, object?> fields = [];
            if (!subjects.Keys.IsEmpty)
                fields["action"] = group.Key.Key;
            foreach (PlannedSubjectValue value in subjects.Values)
            {
                decimal[] numbers = value.Argument is { Grid: { } grid } ? [.. group.Select(r => r.Fields["amount"]).OfType<decimal>().Select(n => OnGrid(n, grid))] : [];
                decimal? number = value.Function switch
                {
                    SubjectFunction.Count => group.Count(),
                    _ when numbers.Length == 0 => null,
                    SubjectFunction.Sum => numbers.Sum(),
                    SubjectFunction.Least => numbers.Min(),
                    SubjectFunction.Greatest => numbers.Max(),
                    _ => throw new NotSupportedException(),
                };
                fields[value.As.Name] = number is { } n ? decimal.Clamp(n, value.Grid.LowerValue, value.Grid.UpperValue) : null;
            }

            yield return new Made(group.Key.Subject, group.Min(r => r.Time), fields);
        }
    }

    private static decimal OnGrid(decimal number, ValueGrid grid) => (decimal)Steps(number, grid) * grid.Granularity;

    // From each first step the earliest event that takes the next one, as long as the window lasts; of all first steps the one that leads furthest.
    private static IEnumerable<Made> Funnel(PlannedFunnel funnel, List<Made> events)
    {
        string[] actions = [.. funnel.Steps.Select(s => ((PlannedConstant)((PlannedOperation)s).Operands[1]).Text)];
        int furthest = 0;
        for (int start = 0; start < events.Count; start++)
        {
            int step = 0;
            for (int i = start; i < events.Count && step < actions.Length; i++)
            {
                if (funnel.Window is { } window && events[i].Time > events[start].Time + window)
                    break;
                if (Equals(events[i].Fields["action"], actions[step]))
                    step++;
                else if (i == start)
                    break;
            }

            furthest = Math.Max(furthest, step);
        }

        if (furthest > 0)
            yield return new Made(events[0].Subject, events.First(e => Equals(e.Fields["action"], actions[0])).Time, new() { ["step"] = (decimal)furthest });
    }

    private static IEnumerable<Made> Retention(QueryPlan plan, PlannedRetention retention, List<Made> events)
    {
        foreach (Made row in events)
        {
            long elapsed = retention.Days is { } days
                ? (row.Time - events[0].Time).Ticks / TimeSpan.FromDays(days).Ticks
                : Local(plan, row.Time).DayNumber - Local(plan, events[0].Time).DayNumber;
            if (elapsed < retention.Periods)
                yield return new Made(row.Subject, events[0].Time, new() { ["elapsed"] = (decimal)elapsed });
        }
    }

    private static IEnumerable<Made> Sessions(PlannedSessions sessions, List<Made> events)
    {
        int start = 0;
        for (int i = 1; i <= events.Count; i++)
        {
            if (i < events.Count && events[i].Time - events[i - 1].Time <= sessions.Gap)
                continue;
            yield return new Made(events[0].Subject, events[start].Time, new()
            {
                ["events"] = Math.Min(i - start, (decimal)sessions.Bound("events")),
                ["minutes"] = Math.Min(decimal.Floor((decimal)(events[i - 1].Time - events[start].Time).TotalMinutes), sessions.Bound("minutes")),
            });
            start = i;
        }
    }

    private static IEnumerable<Made> Activity(QueryPlan plan, PlannedActivity activity, Made row)
    {
        DateOnly date = Local(plan, row.Time);
        yield return row with { Fields = new() { ["period"] = PlannedActivity.Label(Number(FirstDate(activity.Short.Period, date)), false) } };
        yield return row with { Fields = new() { ["period"] = PlannedActivity.Label(Number(FirstDate(activity.Long.Period, date)), true) } };
    }

    private static IEnumerable<Made> Paths(PlannedPaths paths, List<Made> events)
    {
        string field = paths.Value.Field.Name;
        events = [.. events.Where(e => e.Fields[field] is not null)];
        for (int i = 0; i + paths.Length <= events.Count; i++)
        {
            yield return events[i] with
            {
                Fields = Enumerable.Range(0, paths.Length).ToDictionary(s => string.Create(CultureInfo.InvariantCulture, $"step_{s + 1}"), s => events[i + s].Fields[field]),
            };
        }
    }

    private static (string Text, string Label)? Key(QueryPlan plan, PlannedKey key, Made row)
    {
        if (key is PlannedPeriodKey period)
        {
            long number = Number(FirstDate(period.Grid.Period, Local(plan, row.Time)));
            int place = period.Grid.Keys.BinarySearch(number);
            return (Text(number), period.Grid.Labels[place]);
        }

        PlannedExpressionKey value = (PlannedExpressionKey)key;
        object? field = row.Fields[((PlannedColumn)value.Expression).Field.Name];
        return (field, value.Expression.Grid) switch
        {
            (null, _) => null,
            (decimal number, { } grid) => (Steps(number, grid).ToString(CultureInfo.InvariantCulture), grid.Label((long)Steps(number, grid))),
            (string text, _) => value.Domain is { } domain && !domain.Contains(text) ? null : (text, text),
            _ => throw new NotSupportedException(),
        };
    }

    private static BigInteger Steps(decimal number, ValueGrid grid) =>
        (BigInteger)decimal.Floor((decimal.Clamp(number, grid.LowerValue, grid.UpperValue) / grid.Granularity) + 0.5m);

    private static string Unit(QueryPlan plan, DateTime time) => BlockInterval.PeriodOf(plan.Dataset.Unit) is { } period
        ? Text(Number(FirstDate(period, Local(plan, time))))
        : "";

    private static DateOnly Local(QueryPlan plan, DateTime time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(time, TimeZoneInfo.FindSystemTimeZoneById(plan.Dataset.TimeZone)));

    private static DateOnly FirstDate(Period period, DateOnly date) => period switch
    {
        Period.Day => date,
        Period.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        _ => new DateOnly(date.Year, date.Month, 1),
    };

    private static long Number(DateOnly date) => date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
