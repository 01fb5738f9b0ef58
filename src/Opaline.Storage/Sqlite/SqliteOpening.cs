using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Opaline.Storage;

/// <summary>Opens control.db: makes or checks the file, brings its schema up to date, and sows what an installation starts with.</summary>
internal static class SqliteOpening
{
    private const string Damaged =
        "control.db in the data folder is damaged and is not opened. Restore the whole data folder from a backup; nothing was changed.";

    private const string Newer =
        "control.db was written by a newer version of Opaline. Start that version, or restore the data folder from a backup made by this one.";

    private const string Older =
        "control.db was written by a development version of Opaline from before the first release, whose tables this version does not read. Start with another data folder; nothing was changed.";

    private const int Readers = 8;

    public static SqliteControlStore Open(StorageOptions options, TimeProvider time, ILogger logger)
    {
        PrivateFolder folder = PrivateFolder.Open(options.DataFolder);
        SqliteConnection? writer = null;
        try
        {
            string path = folder.File(SqliteControlStore.FileName);
            bool fresh = !File.Exists(path) || new FileInfo(path).Length == 0;
            writer = SqliteConnections.OpenWriter(path);
            folder.File(SqliteControlStore.FileName);
            if (!fresh)
                Check(writer);
            Migrate(writer);
            ControlSeed.Sow(writer);
            return new SqliteControlStore(folder, new SqliteWriter(writer, logger), new SqliteReaders(path, Readers), time);
        }
        catch (Exception exception)
        {
            writer?.Dispose();
            folder.Dispose();
            if (exception is StorageFailureException)
                throw;
            if (SqliteFaults.Code(exception) is not 0 and int code)
                throw new StorageFailureException(IsDamage(code) ? Damaged : $"control.db could not be opened (SQLite code {code}). Check the data folder's disk and owner.");
            throw;
        }
    }

    private static bool IsDamage(int code) => code is 1 or 11 or 26;

    private static void Check(SqliteConnection writer)
    {
        if (writer.Scalar("PRAGMA quick_check(1)") is not "ok")
            throw new StorageFailureException(Damaged);
    }

    private static void Migrate(SqliteConnection writer)
    {
        using ControlContext context = ControlContext.ForReading(writer);
        HashSet<string> known = [.. context.Database.GetMigrations()];
        HashSet<string> applied = [.. context.Database.GetAppliedMigrations()];
        if (!applied.IsSubsetOf(known))
            throw new StorageFailureException(Newer);
        if (applied.Count > 0 && writer.Scalar("SELECT 1 FROM sqlite_master WHERE name = 'vault_scope'") is null)
            throw new StorageFailureException(Older);
        // This process alone holds the folder, so a lock in the file was left by one that was killed; EF would wait for it for ever.
        SqliteConnections.Run(writer, "DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        if (applied.Count < known.Count)
            context.Database.Migrate();
    }
}
