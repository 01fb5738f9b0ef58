using DuckDB.NET.Data;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events.Ordinals;

/// <summary>Event tables in a DuckDB in memory, written by the store's own pieces, whose transactions and statements a test can drive by hand.</summary>
internal sealed class OrdinalDatabase : IDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly FrameColumn[] Columns =
        [new(3, StoredType.Text), new(4, StoredType.Text), new(5, StoredType.Int64)];

    private readonly DuckDBConnection _root = new("Data Source=:memory:");
    private readonly DuckDbSchema _schema;
    private long _lsn;

    public OrdinalDatabase()
    {
        _root.Open();
        using (DuckDBCommand attach = _root.CreateCommand())
        {
            attach.CommandText = $"ATTACH ':memory:' AS {DuckDbSession.Database}";
            attach.ExecuteNonQuery();
        }

        Session = new DuckDbSession(_root);
        Session.Run("CREATE TABLE opaline_retired (field_id BIGINT NOT NULL)");
        _schema = DuckDbSchema.Load(Session);
    }

    public DuckDbSession Session { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The built-in dataset with another unit and zone, its table, and a secret that the test knows.</summary>
    public Dataset Declare(long id, PrivacyUnit unit = PrivacyUnit.Subject, string zone = "UTC", string name = EventsDataset.Name, string key = Key)
    {
        Dataset dataset = Datasets.Sample(
            id,
            Datasets.Kept(3, EventsDataset.Action),
            Datasets.Kept(4, "city"),
            new Field(5, "value", FieldType.Int64, FieldRole.Measure, Datasets.Confirmed, new(TreatmentKind.Keep))) with
        {
            Name = name,
            Unit = unit,
            TimeZone = zone,
        };
        _schema.Prepare(Session, dataset);
        Session.Run($"INSERT INTO {OrdinalSeal.Table} VALUES ($1, $2, $3, $4, 0)", id, key, OrdinalSeal.DimensionOf(dataset), UnixMicros.From(new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        return dataset;
    }

    public static string Column(string field) => EventTable.Column(field switch { "action" => 3, "city" => 4, "value" => 5, _ => throw new ArgumentException(field) });

    /// <summary>Settles rows as one frame. The number of a row becomes its event key.</summary>
    public void Settle(Dataset dataset, IEnumerable<OrdinalModel.Row> rows)
    {
        ProtectedRow[] protectedRows =
            [.. rows.Select(r => new ProtectedRow(Rows.Key(r.Number), r.Subject, UnixMicros.From(r.Time), [r.Action, r.City, r.Value], null))];
        if (protectedRows.Length == 0)
            return;
        new DuckDbStage(dataset.Id, [new InboxFrame(++_lsn, dataset.Id, RowFrame.Write(Columns, protectedRows))], _schema).Move(Session);
    }

    public async Task SealAsync(Dataset dataset, DateTime asOf)
    {
        await using DuckDBTransaction transaction = Session.Connection.BeginTransaction();
        await WindowSealing.SealAsync(Session.Connection, dataset, asOf, _lsn, Token);
        await transaction.CommitAsync(Token);
    }

    /// <summary>Takes people out as the store does.</summary>
    public void Erase(Dataset dataset, IReadOnlyList<long> subjects)
    {
        foreach (string statement in ErasureStatements.Of(dataset, subjects))
            Session.Run(statement);
    }

    /// <summary>The ordinals by the number of the row; null for none.</summary>
    public Dictionary<int, OrdinalModel.Ordinals?> Ordinals(Dataset dataset)
    {
        Dictionary<int, OrdinalModel.Ordinals?> ordinals = [];
        using DuckDBCommand command = Session.Command($"SELECT event_key, row_in_window, group_in_window, row_in_group FROM {EventTable.Name(dataset)}");
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            ordinals[BitConverter.ToInt32(reader.GetGuid(0).ToByteArray())] = reader.IsDBNull(1)
                ? null
                : new OrdinalModel.Ordinals(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
        }

        return ordinals;
    }

    public void Dispose()
    {
        Session.Dispose();
        _root.Dispose();
    }
}
