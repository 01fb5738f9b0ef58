using System.Data.Common;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// Which columns the event tables have, and the staging table that this session has beside each. Used inside works of the store's writer only:
/// each change is a work of its own, so that it cannot be undone by what follows it. A column is retired when its field has got another number;
/// rows that still bring it leave it out, so that values under a treatment that was taken back are not stored again.
/// </summary>
internal sealed class PostgresEventSchema
{
    private const string Savepoint = "ddl";

    // About as many days as three years have.
    private const int Periods = 1_000;

    // An ALTER waits for the aggregations that read the table, and everybody else waits for it: it gives way and is tried again.
    private const string Patience = "SET LOCAL lock_timeout = '200ms'";

    private readonly Dictionary<long, IReadOnlyDictionary<long, StoredType>> _tables = [];
    private readonly HashSet<long> _staged = [];
    private readonly HashSet<long> _retired = [];
    private readonly Lock _lock = new();

    private PostgresEventSchema()
    {
    }

    /// <summary>Reads what is there.</summary>
    public static PostgresEventSchema Load(DbConnection connection)
    {
        PostgresEventSchema schema = new();
        Dictionary<long, Dictionary<long, StoredType>> tables = [];
        using (DbCommand command = connection.Command(
            """
            SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
            """))
        {
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (EventTable.DatasetOf(reader.GetString(0)) is not { } dataset)
                    continue;
                if (!tables.TryGetValue(dataset, out Dictionary<long, StoredType>? columns))
                    tables[dataset] = columns = [];
                if (EventTable.FieldOf(reader.GetString(1)) is { } field)
                    columns[field] = PostgresTypes.Parse(reader.GetString(2));
            }
        }

        foreach ((long dataset, Dictionary<long, StoredType> columns) in tables)
            schema._tables[dataset] = columns;
        using DbCommand retired = connection.Command("SELECT field_id FROM retired_field");
        using DbDataReader fields = retired.ExecuteReader();
        while (fields.Read())
            schema._retired.Add(fields.GetInt64(0));
        return schema;
    }

    /// <summary>Name of the session's staging table.</summary>
    public static string Stage(long datasetId) => string.Create(CultureInfo.InvariantCulture, $"pg_temp.stage_{datasetId}");

    /// <summary>Whether rows with these columns can be stored without any change.</summary>
    /// <exception cref="StorageFailureException">A column has another type.</exception>
    public bool Takes(long datasetId, IEnumerable<FrameColumn> columns)
    {
        lock (_lock)
            return _staged.Contains(datasetId) && Missing(datasetId, columns).Count == 0;
    }

    /// <summary>Those of the columns whose values are still stored, with their places.</summary>
    public List<(FrameColumn Column, int Place)> Stored(IReadOnlyList<FrameColumn> columns)
    {
        lock (_lock)
            return [.. columns.Select((c, i) => (c, i)).Where(c => !_retired.Contains(c.c.FieldId))];
    }

    /// <summary>Creates the tables and columns that are missing; false if the table was busy and nothing has changed.</summary>
    public bool Ensure(ControlTransaction transaction, long datasetId, IReadOnlyList<FrameColumn> columns) =>
        Change(transaction, datasetId, columns, []);

    /// <summary>
    /// Gives the dataset its table and columns, and takes away those of fields that it no longer has; false if the table was busy and nothing has
    /// changed.
    /// </summary>
    public bool Prepare(ControlTransaction transaction, Dataset dataset) =>
        Change(transaction, dataset.Id, [.. EventTable.Columns(dataset)], EventTable.Retired(dataset, Columns(dataset.Id).Keys));

    private bool Change(ControlTransaction transaction, long datasetId, IReadOnlyList<FrameColumn> columns, IReadOnlyList<long> retiring)
    {
        List<FrameColumn> missing;
        lock (_lock)
        {
            missing = Missing(datasetId, columns);
            if (_staged.Contains(datasetId) && missing.Count == 0 && retiring.Count == 0)
                return true;
        }

        Dictionary<long, StoredType> now = new(Columns(datasetId));
        foreach (FrameColumn column in missing)
            now[column.FieldId] = column.Type;
        foreach (long field in retiring)
            now.Remove(field);

        transaction.Transaction.Save(Savepoint);
        try
        {
            transaction.Execute(Patience);
            Alter(transaction, datasetId, missing, retiring);
            MakeStage(transaction, datasetId, now);
            transaction.Execute("SET LOCAL lock_timeout = 0");
        }
        catch (DbException busy) when (PostgresFaults.Code(busy) == PostgresFaults.LockNotAvailable)
        {
            transaction.Transaction.Rollback(Savepoint);
            return false;
        }

        lock (_lock)
        {
            _tables[datasetId] = now;
            _staged.Add(datasetId);
            _retired.UnionWith(retiring);
        }

        return true;
    }

    private void Alter(ControlTransaction transaction, long datasetId, IReadOnlyList<FrameColumn> missing, IReadOnlyList<long> retiring)
    {
        string table = EventTable.Name(datasetId);
        bool known;
        lock (_lock)
            known = _tables.ContainsKey(datasetId);
        // Not even asked for where it is there: the question alone would wait for the server's vacuum of the table.
        if (!known)
            Create(transaction, table);
        IEnumerable<string> changes =
        [
            .. missing.Select(c => $"ADD COLUMN {EventTable.Column(c.FieldId)} {PostgresTypes.Declaration(c.Type)}"),
            .. retiring.Select(f => $"DROP COLUMN {EventTable.Column(f)}"),
        ];
        if (changes.Any())
            transaction.Execute($"ALTER TABLE {table} {string.Join(", ", changes)}");
        foreach (long field in retiring)
            transaction.Execute("INSERT INTO retired_field (field_id) VALUES (@p0) ON CONFLICT DO NOTHING", field);
    }

    private static void Create(ControlTransaction transaction, string table)
    {
        // The key of a row holds its subject, as a distributed table needs it to.
        transaction.Execute(
            $"""
            CREATE TABLE {table} (
                {EventTable.EventKey} uuid NOT NULL, {EventTable.Subject} bigint NOT NULL, {EventTable.Time} timestamp NOT NULL,
                {EventTable.Lsn} bigint NOT NULL, {EventTable.Seq} bigint GENERATED ALWAYS AS IDENTITY,
                {EventTable.RowInWindow} integer, {EventTable.GroupInWindow} integer, {EventTable.RowInGroup} integer,
                {EventTable.Sealed} bytea,
                UNIQUE ({EventTable.Subject}, {EventTable.EventKey}))
            """);
        // Finds the late rows of sealed windows at every tick.
        transaction.Execute(
            $"CREATE INDEX {table}_unranked ON {table} ({EventTable.Time}) WHERE {EventTable.RowInWindow} IS NULL");
        // The planner takes every expression over the time for as many groups as there are times, and then for too many to be counted in parallel or in memory.
        // Times are only ever grouped by periods of the calendar, and compared by order, which this leaves alone.
        transaction.Execute(string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE {table} ALTER COLUMN {EventTable.Time} SET (n_distinct = {Periods})"));
        // But with the subject they make about as many groups as there are rows.
        transaction.Execute($"CREATE STATISTICS {table}_rows (ndistinct) ON {EventTable.Subject}, {EventTable.Time} FROM {table}");
    }

    private static void MakeStage(ControlTransaction transaction, long datasetId, Dictionary<long, StoredType> columns)
    {
        string declared = string.Concat(columns.Select(c => $", {EventTable.Column(c.Key)} {PostgresTypes.Declaration(c.Value)}"));
        transaction.Execute($"DROP TABLE IF EXISTS {Stage(datasetId)}");
        transaction.Execute(
            $"""
            CREATE TEMPORARY TABLE {Stage(datasetId)["pg_temp.".Length..]} (
                place bigint, {EventTable.EventKey} uuid, {EventTable.Subject} bigint, {EventTable.Time} timestamp, {EventTable.Sealed} bytea{declared})
            ON COMMIT DELETE ROWS
            """);
    }

    private List<FrameColumn> Missing(long datasetId, IEnumerable<FrameColumn> columns)
    {
        IReadOnlyDictionary<long, StoredType> known = Columns(datasetId);
        List<FrameColumn> missing = [];
        foreach (FrameColumn column in columns.Where(c => !_retired.Contains(c.FieldId)))
        {
            if (!known.TryGetValue(column.FieldId, out StoredType type))
                missing.Add(column);
            else if (type != column.Type)
                throw new StorageFailureException("A field's column has another type than its values; restore the database from one backup.");
        }

        return missing;
    }

    private IReadOnlyDictionary<long, StoredType> Columns(long datasetId)
    {
        lock (_lock)
            return _tables.TryGetValue(datasetId, out IReadOnlyDictionary<long, StoredType>? columns) ? columns : new Dictionary<long, StoredType>();
    }
}
