using System.Buffers.Binary;
using System.Buffers.Text;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Audit;

/// <summary>
/// The one writer of audit records, and their search. Records go to the outbox in the control store, in the transaction of what they
/// record where there is one.
/// </summary>
public sealed class AuditLog(IControlStore store, TimeProvider time, IOptions<AuditOptions> options)
{
    /// <summary>The most records of one page.</summary>
    public const int MaxLimit = 1_000;

    private const int MaxText = 512;
    private const int MaxDetail = 64 * 1024;
    private const int RecordsPerQuery = 500;
    private const byte CursorVersion = 1;
    private const string Insert =
        "INSERT INTO audit_outbox (at, tenant, actor, role, action, object, outcome, detail) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)";

    private const string Columns = "SELECT seq, at, actor, role, action, object, outcome, detail FROM audit_outbox";

    private readonly AuditOptions _options = options.Value;

    /// <summary>Adds the record to the transaction: it is durable exactly if the transaction is. Returns its place in the log.</summary>
    public long Append(ControlTransaction transaction, AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        using DbCommand command = transaction.Command(Insert + " RETURNING seq", Values(record));
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>The same for whoever does not ask for its place: it goes to a server together with others.</summary>
    public void Enqueue(ControlTransaction transaction, AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(record);
        transaction.Enqueue(Insert, Values(record));
    }

    /// <summary>Writes one record in a group commit of its own; durable when the task completes.</summary>
    public Task WriteAsync(AuditRecord record, CancellationToken cancellationToken) => store.WriteAsync(
        transaction =>
        {
            Enqueue(transaction, record);
            return true;
        },
        cancellationToken);

    /// <summary>Searches, newest first.</summary>
    /// <exception cref="AuditFilterException">The limit or the cursor is not one of this log.</exception>
    public Task<AuditPage> SearchAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Limit is < 1 or > MaxLimit)
            throw new AuditFilterException("limit", "Use a limit of 1 to 1,000.");
        if (filter.From >= filter.To)
            throw new AuditFilterException("to", "The range must end after it begins.");
        long before = filter.Cursor is null ? long.MaxValue : ReadCursor(filter.Cursor);
        return store.ReadAsync(connection => Search(connection, filter, before), cancellationToken);
    }

    /// <summary>The records at these places, by place; those that were deleted are left out.</summary>
    public Task<IReadOnlyDictionary<long, AuditEntry>> ReadAsync(Tenant tenant, IReadOnlyCollection<long> sequences, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyDictionary<long, AuditEntry>>(
            connection =>
            {
                Dictionary<long, AuditEntry> found = [];
                foreach (long[] chunk in sequences.Chunk(RecordsPerQuery))
                {
                    string list = string.Join(',', chunk.Select(s => s.ToString(CultureInfo.InvariantCulture)));
                    using DbCommand command = connection.Command($"{Columns} WHERE tenant = @p0 AND seq IN ({list})", tenant.Value);
                    using DbDataReader reader = command.ExecuteReader();
                    while (reader.Read())
                        found[reader.GetInt64(0)] = Read(reader, tenant);
                }

                return found;
            },
            cancellationToken);

    /// <summary>Deletes records older than <see cref="AuditOptions.RetentionDays"/> and returns how many; none where the log is immutable.</summary>
    public Task<int> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        long horizon = UnixMicros.From(time.GetUtcNow().UtcDateTime.AddDays(-_options.RetentionDays));
        return store.WriteAsync(
            transaction =>
            {
                if (IsImmutable(transaction.Connection))
                    return 0;
                // The trigger lets go only of what lies before the recorded horizon.
                transaction.Execute("UPDATE audit_policy SET delete_before = @p0 WHERE delete_before < @p0", horizon);
                return transaction.Execute("DELETE FROM audit_outbox WHERE at < @p0", horizon);
            },
            cancellationToken);
    }

    /// <summary>Makes the store's log immutable if the options say so. Call it once at start.</summary>
    public Task ApplyPolicyAsync(CancellationToken cancellationToken) => store.WriteAsync(
        transaction => _options.ImmutableLog && transaction.Execute("UPDATE audit_policy SET is_immutable = 1 WHERE is_immutable = 0") == 1,
        cancellationToken);

    private object?[] Values(AuditRecord record) => record.Detail is { Length: > MaxDetail }
        ? throw new ArgumentException("A detail has at most 64 KB.", nameof(record))
        :
        [
            UnixMicros.From(time.GetUtcNow().UtcDateTime),
            Cut(record.Tenant.Value),
            Cut(record.Actor),
            record.Role is null ? null : Cut(record.Role),
            Cut(record.Action),
            Cut(record.Object),
            Cut(record.Outcome),
            record.Detail,
        ];

    private static bool IsImmutable(DbConnection connection) => connection.Number("SELECT is_immutable FROM audit_policy") is not (null or 0);

    private static AuditPage Search(DbConnection connection, AuditFilter filter, long before)
    {
        StringBuilder sql = new($"{Columns} WHERE tenant = @p0 AND seq < @p1");
        List<object?> parameters = [filter.Tenant.Value, before];
        Add("actor =", filter.Actor);
        Add("action =", filter.Action);
        Add("at >=", filter.From is { } from ? UnixMicros.From(from) : null);
        Add("at <", filter.To is { } to ? UnixMicros.From(to) : null);
        // One more than asked for tells whether there is a next page.
        Add("", filter.Limit + 1);

        using DbCommand command = connection.Command(sql.ToString(), [.. parameters]);
        using DbDataReader reader = command.ExecuteReader();
        List<AuditEntry> entries = [];
        while (reader.Read())
            entries.Add(Read(reader, filter.Tenant));

        if (entries.Count <= filter.Limit)
            return new AuditPage(entries, null);
        entries.RemoveAt(filter.Limit);
        return new AuditPage(entries, WriteCursor(entries[^1].Sequence));

        void Add(string condition, object? value)
        {
            if (value is null)
                return;
            sql.Append(condition.Length == 0 ? " ORDER BY seq DESC LIMIT " : " AND ").Append(condition)
                .Append(CultureInfo.InvariantCulture, $" @p{parameters.Count}");
            parameters.Add(value);
        }
    }

    private static AuditEntry Read(DbDataReader reader, Tenant tenant) => new(
        reader.GetInt64(0),
        UnixMicros.ToDateTime(reader.GetInt64(1)),
        new AuditRecord(
            tenant,
            reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            reader.GetString(6),
            reader.IsDBNull(7) ? null : reader.GetString(7)));

    private static string WriteCursor(long sequence)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = CursorVersion;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], sequence);
        return Base64Url.EncodeToString(bytes);
    }

    private static long ReadCursor(string cursor)
    {
        Span<byte> bytes = stackalloc byte[9];
        bool read = cursor.Length == 12 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out int written) && written == 9;
        if (!read || bytes[0] != CursorVersion)
            throw new AuditFilterException("cursor", "Use the cursor of the page before as it came, or none.");
        return BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
    }

    // A path or an id that a caller chose must not blow up the log, nor be a reason to lose the record.
    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
