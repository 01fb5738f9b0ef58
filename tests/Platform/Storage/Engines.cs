using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Opaline.Storage;
using Xunit.v3;

namespace Opaline.Platform.Tests.Storage;

/// <summary>
/// Which stores the running test opens. A suite that stands for both engines is written once; a class derived from it, with
/// <see cref="OnPostgresAttribute"/> and nothing else, runs it on PostgreSQL.
/// </summary>
/// <remarks>
/// A new store is a copy of one whose schema was made once in this run, by the product's own migrations; nothing is sown in it. The tests of opening make theirs
/// from nothing.
/// </remarks>
internal static class Engines
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_urls = new();
    private static readonly Lazy<string> s_migratedDatabase = new(MigratedDatabase);
    private static readonly Lazy<byte[]> s_migratedFile = new(MigratedFile);

    /// <summary>Whether the running test is one of PostgreSQL's.</summary>
    public static bool OnPostgres => (TestContext.Current.TestClass as IXunitTestClass)?.Class.IsDefined(typeof(OnPostgresAttribute), inherit: false) == true;

    /// <summary>
    /// Prepares the store of a data folder. Returns the value of Opaline:Storage:Url that goes with it: empty, or the database that the folder's first opening made.
    /// </summary>
    public static string Prepare(string folder)
    {
        if (OnPostgres)
            return s_urls.GetOrAdd(folder, _ => new Lazy<string>(() => PostgresServer.NewDatabase(template: s_migratedDatabase.Value))).Value;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, SqliteControlStore.FileName), s_migratedFile.Value);
        }

        return "";
    }

    /// <summary>The same for a store that opening shall make from nothing.</summary>
    public static string FromNothing(string folder)
    {
        if (OnPostgres)
            return s_urls.GetOrAdd(folder, _ => new Lazy<string>(() => PostgresServer.NewDatabase())).Value;
        Directory.CreateDirectory(folder);
        return "";
    }

    private static string MigratedDatabase()
    {
        string url = PostgresServer.NewDatabase();
        using NpgsqlConnection connection = PostgresConnections.Writer(PostgresUrl.Parse(url));
        connection.Open();
        using PostgresMigrationContext context = new(new DbContextOptionsBuilder<PostgresMigrationContext>().UseNpgsql(connection).Options);
        context.Database.Migrate();
        return url;
    }

    private static byte[] MigratedFile()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        string path = folder.File(SqliteControlStore.FileName);
        using (SqliteConnection connection = SqliteConnections.OpenWriter(path))
        {
            using ControlContext context = ControlContext.ForReading(connection);
            context.Database.Migrate();
            SqliteConnections.CheckpointOnClose(connection, true);
        }

        if (Directory.GetFiles(folder.Path) is not [_])
            throw new InvalidOperationException("The log of the migrated file was not folded into it.");
        return File.ReadAllBytes(path);
    }
}
