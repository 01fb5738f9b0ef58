using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// The statements that rank the rows of whole windows, for DuckDB, PostgreSQL and Citus alike: sub-selects only, the bare subject in every
/// PARTITION BY, no function that goes by two names. <c>$1</c> is the dataset's secret.
/// </summary>
/// <param name="dataset">The dataset.</param>
/// <param name="dimension">Number of the field that makes its groups; 0 for the day alone.</param>
/// <param name="range">Whole windows.</param>
/// <param name="offsets">Offsets of the dataset's zone in them.</param>
/// <param name="lsn">The last frame that the tick shows: later rows wait for the next.</param>
internal sealed class OrdinalStatements(Dataset dataset, long dimension, TimeRange range, DayOffsets offsets, long lsn)
{
    private readonly string _table = EventTable.Name(dataset);
    private readonly string _group = dimension != 0
        ? $"CASE WHEN {EventTable.Column(dimension)} IS NULL THEN '' ELSE '=' || CAST({EventTable.Column(dimension)} AS VARCHAR) END"
        : "''";

    private string Window => EventTime.DayNumber(EventTime.WindowStart(dataset.Unit, offsets));

    private string Day => EventTime.DayNumber(EventTime.Date(offsets));

    private string InRange => $"{EventTable.Time} >= {EventTime.Literal(range.From)} AND {EventTable.Time} < {EventTime.Literal(range.To)}";

    // Names the canonical group in an order that only the holder of the secret knows.
    private static string Hash =>
        $"md5($1 || '|' || CAST({EventTable.Subject} AS VARCHAR) || '|' || CAST(w AS VARCHAR) || '|' || CAST(d AS VARCHAR) || '|' || g)";

    /// <summary>How many rows wait for their ordinals, and the first and last of their times.</summary>
    public static string Pending(Dataset dataset, TimeRange range, long lsn) =>
        $"""
        SELECT COUNT(*), MIN({EventTable.Time}), MAX({EventTable.Time}) FROM {EventTable.Name(dataset)}
        WHERE {EventTable.RowInWindow} IS NULL AND {EventTable.Time} >= {EventTime.Literal(range.From)} AND {EventTable.Time} < {EventTime.Literal(range.To)}
            AND {EventTable.Lsn} <= {Number(lsn)}
        """;

    /// <summary>
    /// Gives every row without ordinals its own. Rows append by sequence, groups by keyed hash, to the highest that rows of the window have; what was given
    /// stays. That none is given twice rests on <see cref="IEventStore.EraseAsync"/>: rows leave a table with all others of their subject.
    /// </summary>
    public string Rank() =>
        $"""
        UPDATE {_table}
        SET {EventTable.RowInWindow} = r.row_in_window, {EventTable.GroupInWindow} = r.group_in_window, {EventTable.RowInGroup} = r.row_in_group
        FROM (
            SELECT p.seq, {Ordinal("g.window_rows + p.place_in_window")} AS row_in_window, {Ordinal("g.place")} AS group_in_window,
                {Ordinal("g.group_rows + p.place_in_group")} AS row_in_group
            FROM ({Places}) AS p
            JOIN ({Groups}) AS g ON g.subject = p.subject AND g.d = p.d AND g.g = p.g) AS r
        WHERE {_table}.{EventTable.Seq} = r.seq AND {_table}.{EventTable.RowInWindow} IS NULL AND {InRange}
        """;

    /// <summary>
    /// How many places of a window a subject has more than once, of the subjects that a sealing ranked rows of. The last place of the type is nobody's own:
    /// counters saturate there.
    /// </summary>
    /// <param name="before">Through when the dataset was sealed before.</param>
    /// <param name="applied">Through which frame its rows were ranked before.</param>
    public string Repeated(DateTime before, long applied) =>
        // COALESCE, since PostgreSQL's statistics still say that the bare column is empty: it would look up the subject of every row, for minutes.
        $"""
        SELECT COUNT(*) FROM (
            SELECT subject FROM ({Rows(
                $"COALESCE({EventTable.RowInWindow}, {EventTable.LastOrdinal}) < {EventTable.LastOrdinal} AND {EventTable.Subject} IN (SELECT {EventTable.Subject} FROM {_table} "
                + $"WHERE {InRange} AND COALESCE({EventTable.RowInWindow}, 0) > 0 AND ({EventTable.Time} >= {EventTime.Literal(before)} OR {EventTable.Lsn} > {Number(applied)}))")}) AS ranked
            GROUP BY subject, w, row_in_window HAVING COUNT(*) > 1) AS repeated
        """;

    private static string Ordinal(string number) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST(LEAST({number}, {EventTable.LastOrdinal}) AS INTEGER)");

    private string Rows(string condition) =>
        $"""
        SELECT {EventTable.Seq} AS seq, {EventTable.Subject} AS subject, {EventTable.RowInWindow} AS row_in_window, {EventTable.GroupInWindow} AS group_in_window,
            {EventTable.RowInGroup} AS row_in_group, {Window} AS w, {Day} AS d, {_group} AS g
        FROM {_table} WHERE {InRange} AND {condition}
        """;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string IsWaiting => $"{EventTable.RowInWindow} IS NULL AND {EventTable.Lsn} <= {Number(lsn)}";

    private string Waiting => Rows(IsWaiting);

    // Those that have ordinals, of the subjects who have rows that wait.
    private string Ranked => Rows(
        $"{EventTable.RowInWindow} IS NOT NULL AND {EventTable.Subject} IN "
        + $"(SELECT {EventTable.Subject} FROM {_table} WHERE {InRange} AND {IsWaiting})");

    // The rows that wait, numbered among themselves.
    private string Places =>
        $"""
        SELECT seq, subject, d, g, row_number() OVER (PARTITION BY subject, w ORDER BY seq) AS place_in_window,
            row_number() OVER (PARTITION BY subject, d, g ORDER BY seq) AS place_in_group
        FROM ({Waiting}) AS waiting
        """;

    // Their groups, with the ordinals that are taken and the group's own, known or new.
    private string Groups =>
        $"""
        SELECT subject, d, g, window_rows, group_rows, COALESCE(known_place, window_groups
            + row_number() OVER (PARTITION BY subject, w, (CASE WHEN known_place IS NULL THEN 0 ELSE 1 END) ORDER BY h)) AS place
        FROM (
            SELECT n.subject AS subject, n.w AS w, n.d AS d, n.g AS g, n.h AS h, k.place AS known_place,
                COALESCE(k.group_rows, 0) AS group_rows, COALESCE(v.window_rows, 0) AS window_rows, COALESCE(v.window_groups, 0) AS window_groups
            FROM (
                SELECT subject, w, d, g, {Hash} AS h
                FROM (SELECT subject, w, d, g FROM ({Waiting}) AS waiting GROUP BY subject, w, d, g) AS grouped) AS n
            LEFT JOIN (
                SELECT subject, d, g, MAX(group_in_window) AS place, MAX(row_in_group) AS group_rows
                FROM ({Ranked}) AS ranked GROUP BY subject, d, g) AS k
                ON k.subject = n.subject AND k.d = n.d AND k.g = n.g
            LEFT JOIN (
                SELECT subject, w, MAX(row_in_window) AS window_rows, MAX(group_in_window) AS window_groups
                FROM ({Ranked}) AS ranked GROUP BY subject, w) AS v
                ON v.subject = n.subject AND v.w = n.w) AS known
        """;
}
