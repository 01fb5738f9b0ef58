using System.Data.Common;
using Microsoft.Data.Sqlite;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Sqlite;

public sealed class SqliteSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteSession _session;

    public SqliteSessionTests()
    {
        Directory.CreateDirectory(_folder.Path);
        _session = SqliteConnections.OpenWriter(Path);
        SqliteConnections.Run(_session, "CREATE TABLE a (id INTEGER PRIMARY KEY, what TEXT)");
    }

    private string Path => _folder.File("session.db");

    [Fact]
    public void A_statement_is_prepared_once_and_takes_new_values()
    {
        DbCommand first = _session.Command("SELECT @p0", 1L);
        Assert.Equal(1L, first.ExecuteScalar());
        first.Dispose();
        using DbCommand again = _session.Command("SELECT @p0", "text");
        Assert.Same(first, again);
        Assert.Equal("text", again.ExecuteScalar());
    }

    [Fact]
    public void The_same_statement_runs_inside_of_itself()
    {
        Assert.Equal(
            [1L, 10L, 20L, 2L, 10L, 20L],
            Numbers(1, 2).SelectMany(n => (long[])[n, .. Numbers(10, 20)]));

        IEnumerable<long> Numbers(long x, long y)
        {
            using DbCommand command = _session.Command("SELECT @p0 UNION ALL SELECT @p1", x, y);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
                yield return reader.GetInt64(0);
        }
    }

    [Fact]
    public void A_statement_that_failed_can_be_run_again_and_holds_nothing()
    {
        Insert(1);
        Assert.Throws<SqliteException>(() => Insert(1));
        Insert(2);
        Assert.Equal(2L, Count());
        SqliteConnections.Run(_session, "PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnections.Run(_session, "DROP TABLE a");
    }

    [Fact]
    public void A_statement_sees_a_changed_table()
    {
        Assert.Equal(0L, Count());
        SqliteConnections.Run(_session, "DROP TABLE a; CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (7)");
        Assert.Equal(1L, Count());
    }

    [Fact]
    public void Statements_of_a_rolled_back_transaction_serve_the_next()
    {
        foreach (bool commits in (bool[])[false, true])
        {
            using SqliteTransaction transaction = _session.BeginTransaction();
            Insert(1);
            if (commits)
                transaction.Commit();
        }

        Assert.Equal(1L, Count());
    }

    [Fact]
    public void Closing_lets_go_of_the_file()
    {
        Assert.Equal(0L, Count());
        Assert.Contains(Path, OpenFiles());
        _session.Close();
        Assert.DoesNotContain(Path, OpenFiles());
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    private static List<string?> OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(Target)];

    // Other tests close theirs meanwhile.
    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Insert(long id)
    {
        using DbCommand insert = _session.Command("INSERT INTO a (id) VALUES (@p0)", id);
        insert.ExecuteNonQuery();
    }

    private long Count() => (long)_session.Scalar("SELECT COUNT(*) FROM a")!;
}
