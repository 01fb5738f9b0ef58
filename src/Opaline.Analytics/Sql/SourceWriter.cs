using Opaline.Catalog;
using Opaline.Storage;
using static Opaline.Analytics.NumberedColumns;

namespace Opaline.Analytics;

/// <summary>
/// Writes what a question reads as a sub-select with the bare subject, a time, and the columns of the fields that are asked for. Joins are on the subject or
/// with datasets about nobody, and every window and group is one subject's, so that the work stays where the subject's rows are.
/// </summary>
internal sealed class SourceWriter(SqlParameters parameters, long visibleLsn, SqlDialect dialect)
{
    private readonly ExpressionWriter _expressions = new(parameters);

    /// <summary>The sub-select.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="fields">Numbers of the fields that are asked for.</param>
    public string Write(PlannedSource source, IReadOnlyCollection<long> fields) => source switch
    {
        PlannedTable table => Table(table, [EventTable.Subject, EventTable.Time], fields),
        PlannedJoin join => Join(join, join, fields),
        PlannedSubjects subjects => Subjects(subjects),
        PlannedBehaviour behaviour => new BehaviourWriter(parameters, _expressions, Filters, dialect).Write(behaviour),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>The rows of a table that the range and the tick show.</summary>
    public IEnumerable<string> Filters(PlannedTable table)
    {
        if (table.Range is { } range)
        {
            yield return $"{EventTable.Time} >= {parameters.Add(range.From)}";
            yield return $"{EventTable.Time} < {parameters.Add(range.To)}";
        }

        yield return $"{EventTable.Lsn} <= {parameters.Add(visibleLsn)}";
    }

    /// <summary>Numbers of the fields that expressions read.</summary>
    public static HashSet<long> Read(IEnumerable<PlannedExpression?> expressions) =>
        [.. expressions.OfType<PlannedExpression>().SelectMany(e => e.All()).OfType<PlannedColumn>().Select(c => c.Field.Id)];

    private static string Columns(IEnumerable<string> columns, IEnumerable<long> fields) =>
        List(columns.Concat(fields.Order().Select(EventTable.Column)));

    private string Table(PlannedTable table, IEnumerable<string> columns, IEnumerable<long> fields) =>
        $"SELECT {Columns(columns, fields)} FROM {EventTable.Name(table.Table)} WHERE {string.Join(" AND ", Filters(table))}";

    private string Join(PlannedJoin join, PlannedJoin whole, IReadOnlyCollection<long> fields)
    {
        (bool Right, Field Of, Field As)[] used = [.. join.Columns.Where(c => fields.Contains(c.As.Id))];
        string left = Side(join.Left, Of(false, join.On?.Left), join.Units?.Left);
        string right = Side(join.Right, Of(true, join.On?.Right), join.Units?.Right);
        string on = join.On is { } equal
            ? $"l.{EventTable.Column(equal.Left)} = r.{EventTable.Column(equal.Right)}"
            : $"l.{EventTable.Subject} = r.{EventTable.Subject}" + (join.Units is null ? "" : " AND l.u = r.u");
        IEnumerable<string> columns = used.Select(c => $"{(c.Right ? "r" : "l")}.{EventTable.Column(c.Of)} AS {EventTable.Column(c.As)}");
        return $"SELECT {List([$"l.{EventTable.Subject}", $"l.{EventTable.Time}", .. columns])} "
            + $"FROM ({left}) AS l {(join.Kind == JoinKind.Left ? "LEFT" : "INNER")} JOIN ({right}) AS r ON {on}";

        string Side(PlannedSource side, HashSet<long> columns, DayOffsets? offsets)
        {
            string unit = join.Units is { } units && !side.Schema.IsPublic ? $", {CalendarWriter.PeriodNumber(units.Period, offsets!)} AS u" : "";
            if (side is PlannedJoin || whole.MaxOf(side) is not { } most)
            {
                string rows = side is PlannedJoin pairs ? Join(pairs, whole, columns) : Write(side, columns);
                return unit.Length == 0 ? rows : $"SELECT {Columns([EventTable.Subject, EventTable.Time], columns)}{unit} FROM ({rows}) AS side";
            }

            // Which of too many rows are kept follows from the rows of the unit alone: by their places among themselves, in an order that says nothing of time. Their
            // numbers in the store would tell what others did before.
            (string source, string order) = side is PlannedTable table
                ? (Table(table, [EventTable.Subject, EventTable.Time, EventTable.Seq], columns), EventTable.Seq)
                : (Write(side, columns), Columns([EventTable.Time], side.Schema.Fields.Where(f => f.HasColumn).Select(f => f.Id)));
            string holder = side.Schema.IsPublic ? EventTable.Column(join.On!.Value.Right) : unit.Length == 0 ? EventTable.Subject : $"{EventTable.Subject}, u";
            string ranked = $"SELECT *, row_number() OVER (PARTITION BY {holder} ORDER BY {order}) AS place FROM (SELECT *{unit} FROM ({source}) AS side) AS side";
            string drawn = $"SELECT *, row_number() OVER (PARTITION BY {holder} ORDER BY md5(CAST(place AS VARCHAR))) AS lot FROM ({ranked}) AS ranked";
            return $"SELECT {Columns(unit.Length == 0 ? [EventTable.Subject, EventTable.Time] : [EventTable.Subject, EventTable.Time, "u"], columns)} "
                + $"FROM ({drawn}) AS drawn WHERE lot <= {parameters.Add((long)most)}";
        }

        HashSet<long> Of(bool isRight, Field? equal) => [.. used.Where(c => c.Right == isRight).Select(c => c.Of.Id), .. equal is null ? [] : (long[])[equal.Id]];
    }

    private string Subjects(PlannedSubjects subjects)
    {
        string inner = Write(
            subjects.Source,
            Read([.. subjects.Where, .. subjects.Keys.Select(k => k.Key), .. subjects.Values.Select(v => v.Argument), .. subjects.Values.Select(v => v.Filter)]));
        List<string> picked = [EventTable.Subject, EventTable.Time];
        List<string> columns = [EventTable.Subject, $"min({EventTable.Time}) AS {EventTable.Time}"];
        List<string> grouping = [EventTable.Subject];
        foreach ((Field field, PlannedExpression key) in subjects.Keys)
        {
            string column = Number("k", grouping.Count);
            picked.Add($"{(key.Grid is { } grid ? Real(_expressions.Write(key), grid) : _expressions.Write(key))} AS {column}");
            columns.Add($"{column} AS {EventTable.Column(field)}");
            grouping.Add(column);
        }

        for (int i = 0; i < subjects.Values.Length; i++)
        {
            PlannedSubjectValue value = subjects.Values[i];
            if (Value(value) is { } text)
                picked.Add($"{text} AS {Number("v", i)}");
            columns.Add($"{Aggregate(value, Number("v", i))} AS {EventTable.Column(value.As)}");
        }

        string where = subjects.Where.IsEmpty ? "" : $" WHERE {string.Join(" AND ", subjects.Where.Select(_expressions.Write))}";
        return $"SELECT {List(columns)} FROM (SELECT {List(picked)} FROM ({inner}) AS source{where}) AS picked "
            + $"GROUP BY {List(grouping)}";
    }

    // What a row brings; null where the row itself counts.
    private string? Value(PlannedSubjectValue value)
    {
        string? text = value switch
        {
            { Argument: null } => null,
            { Function: SubjectFunction.Count or SubjectFunction.DistinctValues } => _expressions.Write(value.Argument),
            _ => _expressions.Clamped(value.Argument, value.Argument.Grid!),
        };
        return value.Filter is { } filter ? $"CASE WHEN {_expressions.Write(filter)} THEN {text ?? "1"} END" : text;
    }

    private string Aggregate(PlannedSubjectValue value, string column)
    {
        string of = value.Function switch
        {
            SubjectFunction.Count when value is { Argument: null, Filter: null } => "COUNT(*)",
            SubjectFunction.Count => $"COUNT({column})",
            SubjectFunction.DistinctValues => $"COUNT(DISTINCT {column})",
            SubjectFunction.Sum => $"SUM({column})",
            SubjectFunction.Least => $"MIN({column})",
            SubjectFunction.Greatest => $"MAX({column})",
            _ => throw new ArgumentOutOfRangeException(nameof(value)),
        };
        string clamped = $"CAST(greatest({parameters.Add(value.Grid.Lower)}, least({parameters.Add(value.Grid.Upper)}, {of})) AS BIGINT)";
        // Engines leave missing values out of least and greatest, but the sum of nothing is missing.
        return value.Function is SubjectFunction.Count or SubjectFunction.DistinctValues
            ? clamped
            : $"CASE WHEN COUNT({column}) > 0 THEN {Real(clamped, value.Grid)} END";
    }

    // Steps as the number that they are: of the doubles the nearest, as a constant of the question is.
    private string Real(string steps, ValueGrid grid)
    {
        decimal parts = 1m;
        while (grid.Granularity * parts % 1m != 0)
            parts *= 10m;
        return $"(CAST({steps} AS DOUBLE PRECISION) * {parameters.Add((double)(grid.Granularity * parts))} / {parameters.Add((double)parts)})";
    }
}
