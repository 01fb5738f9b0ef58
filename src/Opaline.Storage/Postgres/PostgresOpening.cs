using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Opens the database: takes it for this process alone, brings its schema up to date, and sows what an installation starts with.</summary>
internal static partial class PostgresOpening
{
    // "opaline" in ASCII: one lock per database.
    private const int LockTries = 20;
    private const long LockKey = 0x6F70_616C_696E_65;
    private const int OldestServer = 150_000;
    private const int Aggregations = 4;

    // Beyond the longest aggregation, which holds its table against changes.
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(30);

    private const string Older =
        "The PostgreSQL database was written by a development version of Opaline from before the first release, whose tables this version does not read. Start with another database; "
        + "nothing was changed.";

    private const string Newer =
        "The PostgreSQL database was written by a newer version of Opaline. Start that version, or restore a backup made by this one.";

    public static PostgresStores Open(StorageOptions options, TimeProvider time, ILogger logger)
    {
        NpgsqlConnectionStringBuilder server = PostgresUrl.Parse(options.Url);
        NpgsqlConnection writer = PostgresConnections.Writer(server);
        try
        {
            writer.Open();
            Check(writer, logger);
            Lock(writer);
            Migrate(writer);
            ControlSeed.Sow(writer);
            PostgresEventSchema schema = PrepareTables(writer);
            long applied = InboxTable.DeletedThrough(writer);
            PostgresControlStore control = new(new PostgresWriter(writer, logger), new PostgresReaders(PostgresConnections.Readers(server)), time);
            PostgresAggregations aggregations = new(
                PostgresConnections.Aggregators(server, Aggregations), Aggregations, options.AggregateTimeout, options.AggregateRows);
            return new PostgresStores(control, new PostgresEventStore(control, schema, aggregations, server, applied, options.AggregateTimeout + Busy, time));
        }
        catch (Exception exception)
        {
            writer.Dispose();
            if (!PostgresFaults.IsEngines(exception))
                throw;
            throw new StorageFailureException(
                $"The PostgreSQL database could not be opened (SQLSTATE {PostgresFaults.Code(exception)}). Check that the server runs, and the user, "
                + "password and database of Opaline:Storage:Url; the user needs CREATE on the schema and TEMPORARY on the database.");
        }
    }

    private static void Check(NpgsqlConnection writer, ILogger logger)
    {
        if (int.Parse(Setting(writer, "server_version_num"), CultureInfo.InvariantCulture) < OldestServer)
            throw new StorageFailureException("The PostgreSQL server is older than version 15; Opaline needs 15 or newer.");
        if (Setting(writer, "server_encoding") != "UTF8")
            throw new StorageFailureException("The PostgreSQL database is not encoded in UTF8; create one with ENCODING 'UTF8'.");
        if (Setting(writer, "fsync") != "on" || Setting(writer, "full_page_writes") != "on")
            LogUnsafe(logger);
    }

    private static string Setting(NpgsqlConnection writer, string name) => (string)writer.Scalar("SELECT current_setting(@p0)", name)!;

    private static void Lock(NpgsqlConnection writer)
    {
        // The server ends the session of an Opaline that has just stopped a moment after it was told to.
        for (int i = 0; writer.Scalar("SELECT pg_try_advisory_lock(@p0)", LockKey) is not true; i++)
        {
            if (i == LockTries)
            {
                throw new StorageFailureException(
                    "The PostgreSQL database is in use by another Opaline server: stop it, or set Opaline:Storage:Url to another database.");
            }

            writer.Scalar("SELECT pg_sleep(0.1)");
        }
    }

    private static void Migrate(NpgsqlConnection writer)
    {
        using PostgresMigrationContext context = new(new DbContextOptionsBuilder<PostgresMigrationContext>().UseNpgsql(writer).Options);
        HashSet<string> known = [.. context.Database.GetMigrations()];
        HashSet<string> applied = [.. context.Database.GetAppliedMigrations()];
        if (!applied.IsSubsetOf(known))
            throw new StorageFailureException(Newer);
        if (applied.Count > 0 && writer.Scalar("SELECT to_regclass('vault_scope')::text") is null)
            throw new StorageFailureException(Older);
        if (applied.Count < known.Count)
            context.Database.Migrate();
    }

    private static PostgresEventSchema PrepareTables(NpgsqlConnection writer)
    {
        PostgresEventSchema schema = PostgresEventSchema.Load(writer);
        using NpgsqlTransaction transaction = writer.BeginTransaction();
        foreach (Dataset dataset in CatalogStore.Load(writer).All)
        {
            if (!schema.Prepare(new ControlTransaction(transaction), dataset))
                throw new StorageFailureException("An event table is in use by somebody else and could not be changed; start again later.");
        }

        transaction.Commit();
        return schema;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The PostgreSQL server runs with fsync or full_page_writes off: what Opaline acknowledges may be lost in a crash of its machine.")]
    private static partial void LogUnsafe(ILogger logger);
}
