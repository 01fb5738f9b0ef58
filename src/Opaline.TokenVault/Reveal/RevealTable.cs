using System.Data.Common;
using System.Globalization;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of reveals: who holds what, what was revealed to whom. Portable.</summary>
internal static class RevealTable
{
    private const string Held =
        """
        SELECT e.id, e.scope, h.subject_id, s.scope, h.sealed, h.key_version, k.wrapped, p.page, p.version, p.wrapped, e.salt
        FROM vault_holder h
        JOIN vault_entry e ON e.id = h.entry_id
        JOIN vault_entry s ON s.id = h.subject_id
        JOIN subject_key k ON k.subject_id = h.subject_id
        JOIN key_page p ON p.page = k.page
        """;

    // COALESCE keeps SQLite from walking through all of a tenant's entries to find the few.
    internal const string HeldQuery = $"{Held} WHERE h.subject_id = @p0 AND COALESCE(e.tenant, '') = @p1 ORDER BY e.scope = s.scope DESC, e.scope, e.id";

    /// <summary>The value of an entry as the first of those who have it holds it; null if nobody does. One look, whether it is there or not.</summary>
    public static HeldValue? Find(ControlTransaction transaction, string tenant, long entry)
    {
        using DbCommand command = transaction.Command($"{Held} WHERE h.entry_id = @p0 AND e.tenant = @p1 ORDER BY h.subject_id LIMIT 1", entry, tenant);
        using DbDataReader reader = command.ExecuteReader();
        return reader.Read() ? Read(reader, []) : null;
    }

    /// <summary>All that a subject holds, itself first.</summary>
    public static List<HeldValue> HeldBy(DbConnection connection, string tenant, long subject)
    {
        using DbCommand command = connection.Command(HeldQuery, subject, tenant);
        using DbDataReader reader = command.ExecuteReader();
        Dictionary<long, KeyPage> pages = [];
        List<HeldValue> held = [];
        while (reader.Read())
            held.Add(Read(reader, pages));
        return held;
    }

    /// <summary>How many values the actor has asked for since, and when the first of them was.</summary>
    public static (long Count, long First) CountSince(ControlTransaction transaction, string tenant, string actor, long since)
    {
        using DbCommand command = transaction.Command(
            "SELECT COUNT(*), COALESCE(MIN(at), 0) FROM vault_reveal WHERE tenant = @p0 AND actor = @p1 AND at > @p2", tenant, actor, since);
        using DbDataReader reader = command.ExecuteReader();
        reader.Read();
        return (Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture), Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture));
    }

    /// <summary>Remembers that a value was asked for; entry 0 for one that is not there.</summary>
    public static void Insert(ControlTransaction transaction, long auditSequence, string tenant, string actor, long at, long entry) => transaction.Execute(
        "INSERT INTO vault_reveal (audit_seq, tenant, actor, at, entry_id) VALUES (@p0, @p1, @p2, @p3, @p4)", auditSequence, tenant, actor, at, entry);

    /// <summary>The reveals of what a subject holds, newest first: place in the log, entry and its stored scope.</summary>
    public static List<(long AuditSequence, long Entry, string Scope)> Of(DbConnection connection, string tenant, long subject, int limit)
    {
        using DbCommand command = connection.Command(
            """
            SELECT r.audit_seq, r.entry_id, e.scope
            FROM vault_holder h JOIN vault_reveal r ON r.entry_id = h.entry_id JOIN vault_entry e ON e.id = h.entry_id
            WHERE h.subject_id = @p0 AND COALESCE(r.tenant, '') = @p1 ORDER BY r.audit_seq DESC LIMIT @p2
            """,
            subject,
            tenant,
            limit);
        using DbDataReader reader = command.ExecuteReader();
        List<(long, long, string)> found = [];
        while (reader.Read())
            found.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)));
        return found;
    }

    private static HeldValue Read(DbDataReader reader, Dictionary<long, KeyPage> pages)
    {
        long number = reader.GetInt64(7);
        if (!pages.TryGetValue(number, out KeyPage? page))
            pages[number] = page = new KeyPage(number, reader.GetInt32(8), reader.GetFieldValue<byte[]>(9), committed: true);
        return new HeldValue(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetInt64(2),
            reader.GetString(3),
            reader.GetFieldValue<byte[]>(4),
            reader.GetInt32(5),
            reader.GetFieldValue<byte[]>(6),
            page,
            reader.IsDBNull(10) ? null : reader.GetFieldValue<byte[]>(10));
    }
}
