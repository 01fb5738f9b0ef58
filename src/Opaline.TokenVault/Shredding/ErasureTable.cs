using System.Data.Common;
using System.Text.Json;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of erasures. Portable.</summary>
internal static class ErasureTable
{
    private const string Columns =
        "SELECT id, name, tenant, subject_scope, subject_id, subject_token, requested_at, requested_by, state, backup_days, shredded_at, as_of, erased_at, datasets FROM erasure";

    /// <summary>Adds a request unless there is one for the person.</summary>
    public static void Insert(ControlTransaction transaction, KnownSubject subject, string name, string requestedBy, DateTime now, int backupDays) => transaction.Execute(
        """
        INSERT INTO erasure (name, tenant, subject_scope, subject_id, subject_token, requested_at, requested_by, state, backup_days)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8) ON CONFLICT (subject_id) DO NOTHING
        """,
        name,
        subject.Tenant.Value,
        subject.SubjectScope,
        subject.Id,
        subject.Token,
        UnixMicros.From(now),
        requestedBy,
        (long)ErasureState.Requested,
        backupDays);

    public static Erasure? Find(DbConnection connection, string tenant, string name) => One(connection.Command($"{Columns} WHERE tenant = @p0 AND name = @p1", tenant, name));

    public static Erasure? Find(ControlTransaction transaction, long subject) => One(transaction.Command($"{Columns} WHERE subject_id = @p0", subject));

    /// <summary>The oldest in that state after the one of that number.</summary>
    public static List<Erasure> In(DbConnection connection, ErasureState state, long after, int limit)
    {
        using DbCommand command = connection.Command($"{Columns} WHERE state = @p0 AND id > @p1 ORDER BY id LIMIT @p2", (long)state, after, limit);
        using DbDataReader reader = command.ExecuteReader();
        List<Erasure> found = [];
        while (reader.Read())
            found.Add(Read(reader));
        return found;
    }

    public static void Shredded(ControlTransaction transaction, Erasure erasure, DateTime shreddedAt) => transaction.Execute(
        "UPDATE erasure SET state = @p0, shredded_at = @p1 WHERE id = @p2", (long)ErasureState.Shredded, UnixMicros.From(shreddedAt), erasure.Id);

    public static void Removed(ControlTransaction transaction, Erasure erasure, DateTime asOf, IReadOnlyDictionary<string, ErasedRows> datasets) => transaction.Execute(
        "UPDATE erasure SET state = @p0, as_of = @p1, datasets = @p2 WHERE id = @p3",
        (long)ErasureState.Removed,
        UnixMicros.From(asOf),
        JsonSerializer.Serialize(datasets),
        erasure.Id);

    public static void Erased(ControlTransaction transaction, Erasure erasure, DateTime erasedAt) => transaction.Execute(
        "UPDATE erasure SET state = @p0, erased_at = @p1, subject_id = NULL WHERE id = @p2", (long)ErasureState.Erased, UnixMicros.From(erasedAt), erasure.Id);

    private static Erasure? One(DbCommand command)
    {
        using (command)
        {
            using DbDataReader reader = command.ExecuteReader();
            return reader.Read() ? Read(reader) : null;
        }
    }

    private static Erasure Read(DbDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        new Tenant(reader.GetString(2)),
        reader.GetString(3),
        reader.IsDBNull(4) ? 0 : reader.GetInt64(4),
        reader.GetString(5),
        UnixMicros.ToDateTime(reader.GetInt64(6)),
        reader.GetString(7),
        (ErasureState)reader.GetInt64(8),
        reader.GetInt32(9),
        Instant(reader, 10),
        Instant(reader, 11),
        Instant(reader, 12),
        reader.IsDBNull(13) ? new Dictionary<string, ErasedRows>() : JsonSerializer.Deserialize<Dictionary<string, ErasedRows>>(reader.GetString(13))!);

    private static DateTime? Instant(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : UnixMicros.ToDateTime(reader.GetInt64(column));
}
