using System.Data.Common;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of rotations. Portable.</summary>
internal static class RotationTable
{
    private const int Live = 0;

    private const string Reseal =
        "UPDATE vault_holder SET sealed = @p2, key_version = @p3 WHERE entry_id = @p0 AND subject_id = @p1 AND key_version < @p3";

    // Of columns in subqueries the planner expects a few rows, and looks these up; of as many as there are it may rather read the whole table.
    private const string ResealAll =
        """
        UPDATE vault_holder h SET sealed = v.sealed, key_version = v.version
        FROM unnest((SELECT @p0), (SELECT @p1), (SELECT @p2), (SELECT @p3)) AS v (entry, subject, sealed, version)
        WHERE h.entry_id = v.entry AND h.subject_id = v.subject AND h.key_version < v.version
        """;

    private const string Columns =
        """
        SELECT id, tenant, from_version, to_version, phase, requested_by, requested_at, finished_at, last_page, pages, pages_at_start, holders,
            damaged_pages, damaged_keys, damaged_holders
        FROM key_rotation
        """;

    /// <summary>The rotation that is not done; null if there is none.</summary>
    public static KeyRotation? Unfinished(DbConnection connection, string tenant) =>
        One(connection.Command($"{Columns} WHERE tenant = @p0 AND phase < @p1 ORDER BY id LIMIT 1", tenant, (long)RotationPhase.Done));

    public static KeyRotation? Unfinished(ControlTransaction transaction, string tenant) =>
        One(transaction.Command($"{Columns} WHERE tenant = @p0 AND phase < @p1 ORDER BY id LIMIT 1", tenant, (long)RotationPhase.Done));

    public static KeyRotation? Find(DbConnection connection, string tenant, long id) => One(connection.Command($"{Columns} WHERE tenant = @p0 AND id = @p1", tenant, id));

    /// <summary>The newest, newest first.</summary>
    public static List<KeyRotation> Newest(DbConnection connection, string tenant, int limit)
    {
        using DbCommand command = connection.Command($"{Columns} WHERE tenant = @p0 ORDER BY id DESC LIMIT @p1", tenant, limit);
        using DbDataReader reader = command.ExecuteReader();
        List<KeyRotation> found = [];
        while (reader.Read())
            found.Add(Read(reader));
        return found;
    }

    public static void Insert(ControlTransaction transaction, string tenant, string requestedBy, DateTime now) => transaction.Execute(
        """
        INSERT INTO key_rotation (tenant, from_version, to_version, phase, requested_by, requested_at, last_page, pages, pages_at_start, holders,
            damaged_pages, damaged_keys, damaged_holders)
        SELECT @p0, (SELECT version FROM tenant_key WHERE tenant = @p0 AND state = 1), (SELECT MAX(version) + 1 FROM tenant_key WHERE tenant = @p0), 0, @p1, @p2, 0, 0,
            (SELECT COUNT(*) FROM key_page WHERE tenant = @p0 AND state = 0), 0, 0, 0, 0
        """,
        tenant,
        requestedBy,
        UnixMicros.From(now));

    public static void Reach(ControlTransaction transaction, long id, RotationPhase phase, DateTime? finishedAt = null) => transaction.Execute(
        "UPDATE key_rotation SET phase = @p0, finished_at = @p1 WHERE id = @p2", (long)phase, finishedAt is { } at ? UnixMicros.From(at) : null, id);

    /// <summary>The next page of the tenant, in the order of numbers.</summary>
    public static KeyPage? NextPage(DbConnection connection, string tenant, long after)
    {
        using DbCommand command = connection.Command(
            "SELECT page, version, first_subject, wrapped FROM key_page WHERE tenant = @p0 AND state = @p1 AND page > @p2 ORDER BY page LIMIT 1", tenant, Live, after);
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? KeyTable.ReadPage(reader, 0) : null;
    }

    /// <summary>What subjects of a page hold under versions before <paramref name="version"/>, in order, from after a holder on.</summary>
    public static List<StoredHolder> Holders(DbConnection connection, KeyPage page, int version, Holder after, int limit)
    {
        using DbCommand command = connection.Command(
            """
            SELECT h.entry_id, h.subject_id, h.sealed, h.key_version, k.wrapped
            FROM subject_key k JOIN vault_holder h ON h.subject_id = k.subject_id
            WHERE k.page = @p0 AND k.subject_id >= @p1 AND k.subject_id < @p5 AND (k.subject_id > @p1 OR h.entry_id > @p2) AND h.key_version < @p3
            ORDER BY k.subject_id, h.entry_id LIMIT @p4
            """,
            page.Number,
            Math.Max(after.SubjectId, page.First),
            after.EntryId,
            version,
            limit,
            page.End);
        using DbDataReader reader = command.ExecuteReader();
        List<StoredHolder> found = [];
        while (reader.Read())
        {
            long subject = reader.GetInt64(1);
            Holder holder = new(reader.GetInt64(0), subject, reader.GetFieldValue<byte[]>(2), reader.GetInt32(3));
            byte[] wrapped = found is [.., { Holder.SubjectId: long before } last] && before == subject ? last.WrappedKey : reader.GetFieldValue<byte[]>(4);
            found.Add(new StoredHolder(holder, wrapped));
        }

        return found;
    }

    /// <summary>Writes a piece and how far the rotation is with it. What was erased or replaced meanwhile stays as it is.</summary>
    public static void Write(ControlTransaction transaction, KeyRotation rotation, RewrappedPiece piece)
    {
        // They come in the order of the primary key, so that a page of the table is written once.
        Holder[] holders = [.. piece.Holders];
        int sealedAnew = holders.Length == 0
            ? 0
            : transaction.ExecuteColumns(
                Reseal,
                ResealAll,
                Array.ConvertAll(holders, h => h.EntryId),
                Array.ConvertAll(holders, h => h.SubjectId),
                Array.ConvertAll(holders, h => h.Sealed),
                Array.ConvertAll(holders, h => (long)h.KeyVersion));
        int wrappedAnew = piece.Wrapped is { } wrapped
            ? transaction.Execute(
                "UPDATE key_page SET wrapped = @p0 WHERE page = @p1 AND state = @p2 AND wrapped = @p3", wrapped.New, piece.Page, Live, wrapped.Old)
            : 0;
        transaction.Execute(
            """
            UPDATE key_rotation SET last_page = @p0, pages = pages + @p1, holders = holders + @p2,
                damaged_pages = damaged_pages + @p3, damaged_keys = damaged_keys + @p4, damaged_holders = damaged_holders + @p5
            WHERE id = @p6
            """,
            piece.Last ? piece.Page : piece.Page - 1,
            wrappedAnew,
            sealedAnew,
            piece.Damaged ? 1 : 0,
            piece.DamagedKeys,
            piece.DamagedHolders,
            rotation.Id);
    }

    private static KeyRotation? One(DbCommand command)
    {
        using (command)
        {
            using DbDataReader reader = command.ExecuteReader();
            return reader.Read() ? Read(reader) : null;
        }
    }

    private static KeyRotation Read(DbDataReader reader) => new(
        reader.GetInt64(0),
        new Tenant(reader.GetString(1)),
        reader.GetInt32(2),
        reader.GetInt32(3),
        (RotationPhase)reader.GetInt64(4),
        reader.GetString(5),
        UnixMicros.ToDateTime(reader.GetInt64(6)),
        reader.IsDBNull(7) ? null : UnixMicros.ToDateTime(reader.GetInt64(7)),
        reader.GetInt64(8),
        reader.GetInt64(9),
        reader.GetInt64(10),
        reader.GetInt64(11),
        reader.GetInt64(12),
        reader.GetInt64(13),
        reader.GetInt64(14));
}
