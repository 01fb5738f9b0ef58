using System.Data.Common;
using System.Globalization;
using System.Text;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of key pages and subject keys. Portable.</summary>
internal static class KeyTable
{
    private const int Live = 0;
    private const int Destroyed = 1;
    private const int KeysPerQuery = 500;

    public static long LastPage(DbConnection connection) => connection.Number("SELECT MAX(page) FROM key_page") ?? 0;

    /// <summary>Calls <paramref name="each"/> with every one of the subjects' stored keys: subject, wrapped key, its page.</summary>
    public static void Read(DbConnection connection, string tenant, IEnumerable<long> subjects, Action<long, byte[], KeyPage> each)
    {
        Dictionary<long, KeyPage> pages = [];
        foreach (long[] chunk in subjects.Chunk(KeysPerQuery))
        {
            using DbCommand command = connection.Command(Query(chunk.Length), [tenant, .. chunk]);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                long number = reader.GetInt64(2);
                if (!pages.TryGetValue(number, out KeyPage? page))
                    pages[number] = page = ReadPage(reader, 2);
                each(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), page);
            }
        }
    }

    /// <summary>Which page each of the subjects' keys lies in; subjects without a key are left out.</summary>
    public static ILookup<long, long> PagesOf(DbConnection connection, IReadOnlyCollection<long> subjects)
    {
        List<(long Page, long Subject)> found = [];
        foreach (long[] chunk in subjects.Chunk(KeysPerQuery))
        {
            using DbCommand command = connection.Command(
                $"SELECT page, subject_id FROM subject_key WHERE subject_id IN ({IdList.Parameters(0, chunk.Length)})", IdList.Values(chunk));
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
                found.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return found.ToLookup(f => f.Page, f => f.Subject);
    }

    /// <summary>A page as four columns have it: <c>page, version, first_subject, wrapped</c>.</summary>
    public static KeyPage ReadPage(DbDataReader reader, int column) =>
        new(reader.GetInt64(column), reader.GetInt32(column + 1), reader.GetInt64(column + 2), reader.GetFieldValue<byte[]>(column + 3), committed: true);

    /// <summary>A page and the wrapped keys of all its subjects, in the order of their numbers.</summary>
    public static (KeyPage Page, List<(long Subject, byte[] Wrapped)> Keys) ReadPage(ControlTransaction transaction, long number)
    {
        KeyPage page;
        using (DbCommand command = transaction.Command("SELECT page, version, first_subject, wrapped FROM key_page WHERE page = @p0 AND state = @p1", number, Live))
        {
            using DbDataReader reader = command.ExecuteReader();
            page = reader.Read()
                ? ReadPage(reader, 0)
                : throw new StorageFailureException("A page of subject keys is not there: the vault's tables are damaged. Restore them.");
        }

        List<(long, byte[])> keys = [];
        using DbCommand select = transaction.Command(
            "SELECT subject_id, wrapped FROM subject_key WHERE page = @p0 AND subject_id >= @p1 AND subject_id < @p2 ORDER BY subject_id", number, page.First, page.End);
        using DbDataReader rows = select.ExecuteReader();
        while (rows.Read())
            keys.Add((rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
        return (page, keys);
    }

    /// <summary>Puts a page in the place of another, whose key is gone then unless some of its keys stay; null: nothing takes its place. The old number stays taken.</summary>
    public static void ReplacePage(
        ControlTransaction transaction, string tenant, KeyPage old, RewrappedPage? fresh, IReadOnlyList<(long Subject, byte[] Wrapped)> staying)
    {
        transaction.Execute("DELETE FROM subject_key WHERE page = @p0 AND subject_id >= @p1 AND subject_id < @p2", old.Number, old.First, old.End);
        if (staying.Count == 0)
            transaction.Execute("UPDATE key_page SET wrapped = @p0, state = @p1 WHERE page = @p2", Array.Empty<byte>(), Destroyed, old.Number);
        else
            InsertKeys(transaction, old, staying);
        if (fresh is null)
            return;
        InsertPage(transaction, tenant, fresh.Page);
        InsertKeys(transaction, fresh.Page, fresh.Wrapped);
    }

    public static void Insert(ControlTransaction transaction, string tenant, IEnumerable<PendingEntry> entries)
    {
        List<(long Subject, PendingSubject Pending)> subjects = [.. entries.Where(e => e.Subject is not null).Select(e => (e.Id, e.Subject!))];
        foreach (KeyPage page in subjects.Select(s => s.Pending.Page).Distinct().Where(p => !p.Committed))
            InsertPage(transaction, tenant, page);
        Insert(
            transaction,
            [.. subjects.Select(s => s.Subject)],
            [.. subjects.Select(s => s.Pending.Page.Number)],
            [.. subjects.Select(s => s.Pending.Wrapped)]);
    }

    private static void InsertKeys(ControlTransaction transaction, KeyPage page, IReadOnlyList<(long Subject, byte[] Wrapped)> keys)
    {
        long[] pages = new long[keys.Count];
        Array.Fill(pages, page.Number);
        Insert(transaction, [.. keys.Select(k => k.Subject)], pages, [.. keys.Select(k => k.Wrapped)]);
    }

    private static void Insert(ControlTransaction transaction, long[] subjects, long[] pages, byte[][] wrapped) =>
        transaction.InsertColumns("subject_key", "subject_id, page, wrapped", subjects, pages, wrapped);

    private static void InsertPage(ControlTransaction transaction, string tenant, KeyPage page) => transaction.Execute(
        "INSERT INTO key_page (page, tenant, first_subject, wrapped, version, state) VALUES (@p0, @p1, @p2, @p3, @p4, @p5) ON CONFLICT DO NOTHING",
        page.Number, tenant, page.First, page.Wrapped, page.Version, Live);

    private static string Query(int subjects)
    {
        StringBuilder sql = new(
            "SELECT s.subject_id, s.wrapped, p.page, p.version, p.first_subject, p.wrapped FROM subject_key s JOIN key_page p ON p.page = s.page "
            + "WHERE p.tenant = @p0 AND s.subject_id IN (");
        for (int i = 0; i < subjects; i++)
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}@p{i + 1}");
        return sql.Append(')').ToString();
    }
}
