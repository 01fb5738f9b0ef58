using DuckDB.NET.Data;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// Which columns the event tables have. Only the holder of the writing session uses it. A column is retired when its field has got
/// another number; frames that still bring it leave it out, so that values under a treatment that was taken back are not stored again.
/// </summary>
internal sealed class DuckDbSchema
{
    private readonly Dictionary<long, Dictionary<long, StoredType>> _tables = [];
    private readonly HashSet<long> _retired = [];

    private DuckDbSchema()
    {
    }

    public IEnumerable<long> Datasets => _tables.Keys;

    /// <summary>Reads what is there.</summary>
    public static DuckDbSchema Load(DuckDbSession session)
    {
        DuckDbSchema schema = new();
        HashSet<long> sequenced = [];
        session.Run(OrdinalSeal.Create);
        using DuckDBCommand command = session.Command(
            $"SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = '{DuckDbSession.Database}' AND NOT internal");
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (EventTable.DatasetOf(reader.GetString(0)) is not { } dataset)
                continue;
            Dictionary<long, StoredType> columns = schema.Table(dataset);
            if (EventTable.FieldOf(reader.GetString(1)) is { } field)
                columns[field] = DuckDbTypes.Parse(reader.GetString(2));
            if (reader.GetString(1) == EventTable.Seq)
                sequenced.Add(dataset);
        }

        using DuckDBCommand retired = session.Command("SELECT field_id FROM opaline_retired");
        using DuckDBDataReader fields = retired.ExecuteReader();
        while (fields.Read())
            schema._retired.Add(fields.GetInt64(0));
        foreach (long dataset in schema._tables.Keys.Where(d => !sequenced.Contains(d)))
            AddOrdinals(session, EventTable.Name(dataset));
        return schema;
    }

    /// <summary>Whether values of the field are still stored.</summary>
    public bool Stores(long fieldId) => !_retired.Contains(fieldId);

    /// <summary>Creates the table and the columns that are missing. DDL of its own: it is harmless if what follows does not happen.</summary>
    public void Ensure(DuckDbSession session, long datasetId, IEnumerable<FrameColumn> columns)
    {
        string table = EventTable.Name(datasetId);
        if (!_tables.ContainsKey(datasetId))
        {
            session.Run(
                $"""
                CREATE TABLE IF NOT EXISTS {table} (
                    {EventTable.EventKey} UUID NOT NULL, {EventTable.Subject} BIGINT NOT NULL, {EventTable.Time} TIMESTAMP NOT NULL,
                    {EventTable.Lsn} BIGINT NOT NULL, {EventTable.Sealed} BLOB, {EventTable.Seq} BIGINT NOT NULL,
                    {EventTable.RowInWindow} INTEGER, {EventTable.GroupInWindow} INTEGER, {EventTable.RowInGroup} INTEGER)
                """);
        }

        Dictionary<long, StoredType> known = Table(datasetId);
        foreach (FrameColumn column in columns)
        {
            if (known.TryGetValue(column.FieldId, out StoredType type))
            {
                if (type != column.Type)
                    throw new StorageFailureException("A field's column has another type than its values; restore the data folder from one backup.");
                continue;
            }

            session.Run($"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {EventTable.Column(column.FieldId)} {DuckDbTypes.Name(column.Type)}");
            known[column.FieldId] = column.Type;
        }
    }

    /// <summary>Gives the dataset its table and columns, and takes away those of fields that it no longer has.</summary>
    public void Prepare(DuckDbSession session, Dataset dataset)
    {
        Ensure(session, dataset.Id, EventTable.Columns(dataset));
        Dictionary<long, StoredType> known = Table(dataset.Id);
        foreach (long field in EventTable.Retired(dataset, known.Keys))
        {
            session.Run("INSERT INTO opaline_retired VALUES ($1)", field);
            _retired.Add(field);
            session.Run($"ALTER TABLE {EventTable.Name(dataset.Id)} DROP COLUMN IF EXISTS {EventTable.Column(field)}");
            known.Remove(field);
        }
    }

    // A table of a version that knew no ordinals: its rows came in the order in which they lie.
    private static void AddOrdinals(DuckDbSession session, string table)
    {
        using DuckDBTransaction transaction = session.Connection.BeginTransaction();
        session.Run($"ALTER TABLE {table} ADD COLUMN {EventTable.Seq} BIGINT");
        foreach (string ordinal in new[] { EventTable.RowInWindow, EventTable.GroupInWindow, EventTable.RowInGroup })
            session.Run($"ALTER TABLE {table} ADD COLUMN {ordinal} INTEGER");
        session.Run(
            $"""
            UPDATE {table} SET {EventTable.Seq} = r.seq
            FROM (
                SELECT rowid AS id, {EventTable.Lsn} * {EventTable.Sequence(1, 0)} + row_number() OVER (PARTITION BY {EventTable.Lsn} ORDER BY rowid) - 1 AS seq
                FROM {table}) AS r
            WHERE {table}.rowid = r.id
            """);
        transaction.Commit();
    }

    private Dictionary<long, StoredType> Table(long datasetId)
    {
        if (!_tables.TryGetValue(datasetId, out Dictionary<long, StoredType>? columns))
            _tables[datasetId] = columns = [];
        return columns;
    }
}
