using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>The frames of one dataset in one settling: a staging table, and the statement that moves what is new out of it.</summary>
internal sealed class DuckDbStage
{
    private const string Table = "stage";

    private readonly long _datasetId;
    private readonly List<(long Lsn, IReadOnlyList<FrameColumn> Columns, IReadOnlyList<ProtectedRow> Rows)> _frames = [];
    private readonly SortedDictionary<long, FrameColumn> _columns = [];

    public DuckDbStage(long datasetId, IEnumerable<InboxFrame> frames, DuckDbSchema schema)
    {
        _datasetId = datasetId;
        foreach (InboxFrame frame in frames)
        {
            (IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows) = RowFrame.Read(frame.Rows);
            _frames.Add((frame.Lsn, columns, rows));
            foreach (FrameColumn column in columns.Where(c => schema.Stores(c.FieldId)))
                _columns.TryAdd(column.FieldId, column);
        }
    }

    public long DatasetId => _datasetId;

    /// <summary>The columns that the frames bring, by field.</summary>
    public IReadOnlyCollection<FrameColumn> Columns => _columns.Values;

    /// <summary>Moves the rows inside the session's transaction. A staging table first: an appender that met a duplicate would lose its batch.</summary>
    public void Move(DuckDbSession session)
    {
        string fixedColumns =
            $"{EventTable.Seq} BIGINT, {EventTable.EventKey} UUID, {EventTable.Subject} BIGINT, {EventTable.Time} TIMESTAMP, {EventTable.Lsn} BIGINT, {EventTable.Sealed} BLOB";
        string declared = string.Concat(_columns.Values.Select(c => $", {EventTable.Column(c.FieldId)} {DuckDbTypes.Name(c.Type)}"));
        session.Run($"CREATE TEMP TABLE {Table} ({fixedColumns}{declared})");
        Append(session);

        string target = EventTable.Name(_datasetId);
        string names = $"{EventTable.Seq}, {EventTable.EventKey}, {EventTable.Subject}, {EventTable.Time}, {EventTable.Lsn}, {EventTable.Sealed}"
            + string.Concat(_columns.Keys.Select(id => ", " + EventTable.Column(id)));
        // The inner filter makes the small staging table the one that is hashed, however large the target is.
        session.Run(
            $"""
            INSERT INTO {target} ({names})
            SELECT {names} FROM temp.{Table}
            WHERE {EventTable.Seq} IN (SELECT min({EventTable.Seq}) FROM temp.{Table} GROUP BY {EventTable.EventKey})
              AND {EventTable.EventKey} NOT IN (
                SELECT {EventTable.EventKey} FROM {target} WHERE {EventTable.EventKey} IN (SELECT {EventTable.EventKey} FROM temp.{Table}))
            ORDER BY {EventTable.Seq}
            """);
        session.Run($"DROP TABLE temp.{Table}");
    }

    private void Append(DuckDbSession session)
    {
        FrameColumn[] columns = [.. _columns.Values];
        using DuckDBAppender appender = session.Connection.CreateAppender("temp", "main", Table);
        foreach ((long lsn, IReadOnlyList<FrameColumn> frameColumns, IReadOnlyList<ProtectedRow> rows) in _frames)
        {
            int[] positions = [.. columns.Select(c => Position(frameColumns, c.FieldId))];
            for (int place = 0; place < rows.Count; place++)
            {
                ProtectedRow row = rows[place];
                IDuckDBAppenderRow target = appender.CreateRow();
                target.AppendValue(EventTable.Sequence(lsn, place)).AppendValue(row.EventKey).AppendValue(row.Subject).AppendValue(UnixMicros.ToDateTime(row.TimeMicros)).AppendValue(lsn);
                _ = row.Sealed is null ? target.AppendNullValue() : target.AppendValue(row.Sealed);
                for (int i = 0; i < columns.Length; i++)
                    DuckDbTypes.Append(target, columns[i].Type, positions[i] < 0 ? null : row.Values[positions[i]]);
                target.EndRow();
            }
        }

        appender.Close();
    }

    private static int Position(IReadOnlyList<FrameColumn> columns, long fieldId)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].FieldId == fieldId)
                return i;
        }

        return -1;
    }
}
