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
    private const int KeysPerInsert = 200;

    public static long LastPage(DbConnection connection) => connection.Number("SELECT MAX(page) FROM key_page") ?? 0;

    /// <summary>The tenant's newest page and how many keys it holds.</summary>
    public static (KeyPage Page, int Keys)? CurrentPage(DbConnection connection, string tenant)
    {
        KeyPage page;
        using (DbCommand command = connection.Command(
            "SELECT page, version, wrapped FROM key_page WHERE tenant = @p0 AND state = @p1 ORDER BY page DESC LIMIT 1", tenant, Live))
        {
            using DbDataReader reader = command.ExecuteReader();
            if (!reader.Read())
                return null;
            page = new KeyPage(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2), committed: true);
        }
        object? keys = connection.Scalar("SELECT COUNT(*) FROM subject_key WHERE page = @p0", page.Number);
        return (page, Convert.ToInt32(keys ?? 0L, CultureInfo.InvariantCulture));
    }

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
                    pages[number] = page = new KeyPage(number, reader.GetInt32(3), reader.GetFieldValue<byte[]>(4), committed: true);
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

    /// <summary>A page and the wrapped keys of all its subjects.</summary>
    public static (KeyPage Page, List<(long Subject, byte[] Wrapped)> Keys) ReadPage(ControlTransaction transaction, long number)
    {
        KeyPage page;
        using (DbCommand command = transaction.Command("SELECT version, wrapped FROM key_page WHERE page = @p0 AND state = @p1", number, Live))
        {
            using DbDataReader reader = command.ExecuteReader();
            page = reader.Read()
                ? new KeyPage(number, reader.GetInt32(0), reader.GetFieldValue<byte[]>(1), committed: true)
                : throw new StorageFailureException("A page of subject keys is not there: the vault's tables are damaged. Restore them.");
        }

        List<(long, byte[])> keys = [];
        using DbCommand select = transaction.Command("SELECT subject_id, wrapped FROM subject_key WHERE page = @p0", number);
        using DbDataReader rows = select.ExecuteReader();
        while (rows.Read())
            keys.Add((rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
        return (page, keys);
    }

    /// <summary>Puts a page in the place of another, whose key is gone then unless some of its keys stay; null: nothing takes its place. The old number stays taken.</summary>
    public static void ReplacePage(
        ControlTransaction transaction, string tenant, KeyPage old, RewrappedPage? fresh, IReadOnlyList<(long Subject, byte[] Wrapped)> staying)
    {
        transaction.Execute("DELETE FROM subject_key WHERE page = @p0", old.Number);
        if (staying.Count == 0)
            transaction.Execute("UPDATE key_page SET wrapped = @p0, state = @p1 WHERE page = @p2", Array.Empty<byte>(), Destroyed, old.Number);
        else
            InsertKeys(transaction, old, staying);
        if (fresh is null)
            return;
        InsertPage(transaction, tenant, fresh.Page);
        InsertKeys(transaction, fresh.Page, fresh.Wrapped);
    }

    public static void Insert(ControlTransaction transaction, string tenant, IEnumerable<PendingEntry> subjects)
    {
        using DbCommand insert = transaction.Command(
            "INSERT INTO subject_key (subject_id, page, wrapped, version) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING",
            0L, 0L, Array.Empty<byte>(), 0);
        HashSet<long> carried = [];
        foreach (PendingEntry entry in subjects)
        {
            if (entry.Subject is not { } subject)
                continue;
            if (!subject.Page.Committed && carried.Add(subject.Page.Number))
                InsertPage(transaction, tenant, subject.Page);
            insert.Parameters[0].Value = entry.Id;
            insert.Parameters[1].Value = subject.Page.Number;
            insert.Parameters[2].Value = subject.Wrapped;
            insert.Parameters[3].Value = subject.Page.Version;
            insert.ExecuteNonQuery();
        }
    }

    private static void InsertKeys(ControlTransaction transaction, KeyPage page, IReadOnlyList<(long Subject, byte[] Wrapped)> keys)
    {
        foreach ((long Subject, byte[] Wrapped)[] chunk in keys.Chunk(KeysPerInsert))
        {
            string values = string.Join(',', Enumerable.Range(0, chunk.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"(@p{(2 * i) + 2},@p0,@p{(2 * i) + 3},@p1)")));
            transaction.Execute(
                $"INSERT INTO subject_key (subject_id, page, wrapped, version) VALUES {values}",
                [page.Number, page.Version, .. chunk.SelectMany(k => (object[])[k.Subject, k.Wrapped])]);
        }
    }

    private static void InsertPage(ControlTransaction transaction, string tenant, KeyPage page) => transaction.Execute(
        "INSERT INTO key_page (page, tenant, wrapped, version, state) VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING",
        page.Number, tenant, page.Wrapped, page.Version, Live);

    private static string Query(int subjects)
    {
        StringBuilder sql = new(
            "SELECT s.subject_id, s.wrapped, s.page, p.version, p.wrapped FROM subject_key s JOIN key_page p ON p.page = s.page "
            + "WHERE p.tenant = @p0 AND s.subject_id IN (");
        for (int i = 0; i < subjects; i++)
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}@p{i + 1}");
        return sql.Append(')').ToString();
    }
}
