using Npgsql;

namespace Opaline.Storage;

/// <summary>How sessions of the server are opened. What the database's own settings may say otherwise is fixed for each.</summary>
internal static class PostgresConnections
{
    private const int Pool = 32;
    private const int PreparedStatements = 64;

    // Times and numbers as texts are the same everywhere; nothing but a commit that waits for the disk is one.
    private const string Fixed =
        "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c synchronous_commit=on "
        + "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

    // One snapshot for all statements of a command.
    private const string Reading = " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read";

    // Nesting hands nearly every row from a worker to whoever groups them, in memory: at the server's own price of a row it would sort all of them alone.
    private const string Aggregating = Reading + " -c parallel_tuple_cost=0.01";

    /// <summary>The one session that writes. Not pooled: the lock on the database lives as long as it.</summary>
    public static NpgsqlConnection Writer(NpgsqlConnectionStringBuilder server)
    {
        NpgsqlConnectionStringBuilder own = Common(server, "");
        own.ApplicationName = "opaline-writer";
        own.Pooling = false;
        own.MaxAutoPrepare = PreparedStatements;
        own.CommandTimeout = 0;
        return new NpgsqlConnection(own.ConnectionString);
    }

    /// <summary>A session that ranks the rows of windows that are over.</summary>
    public static NpgsqlConnection Sealer(NpgsqlConnectionStringBuilder server)
    {
        NpgsqlConnectionStringBuilder own = Common(server, "");
        own.ApplicationName = "opaline-sealer";
        own.Pooling = false;
        own.CommandTimeout = 0;
        return new NpgsqlConnection(own.ConnectionString);
    }

    /// <summary>Sessions that only read.</summary>
    public static NpgsqlDataSource Readers(NpgsqlConnectionStringBuilder server)
    {
        NpgsqlConnectionStringBuilder own = Common(server, Reading);
        own.ApplicationName = "opaline-reader";
        own.MaxAutoPrepare = PreparedStatements;
        return Pooled(own, Pool);
    }

    /// <summary>Sessions that aggregate. Nothing is prepared in them: the best plan of an aggregation depends on its values.</summary>
    public static NpgsqlDataSource Aggregators(NpgsqlConnectionStringBuilder server, int most)
    {
        NpgsqlConnectionStringBuilder own = Common(server, Aggregating);
        own.ApplicationName = "opaline-aggregator";
        return Pooled(own, most);
    }

    private static NpgsqlDataSource Pooled(NpgsqlConnectionStringBuilder own, int most)
    {
        own.Pooling = true;
        own.MaxPoolSize = most;
        own.CommandTimeout = 0;
        // Nothing outlives a transaction of theirs, and resetting a session takes as long as a read.
        own.NoResetOnClose = true;
        return NpgsqlDataSource.Create(own.ConnectionString);
    }

    private static NpgsqlConnectionStringBuilder Common(NpgsqlConnectionStringBuilder server, string options) => new(server.ConnectionString)
    {
        Options = $"{server.Options} {Fixed}{options}".TrimStart(),
        Enlist = false,
        TcpKeepAlive = true,
        IncludeErrorDetail = false,
        LogParameters = false,
    };
}
