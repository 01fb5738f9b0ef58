namespace Opaline.Storage;

/// <summary>Where the data lies and when it becomes visible.</summary>
public sealed class StorageOptions
{
    /// <summary>Folder of control.db and events.duckdb; made with mode 0700. Unused with <see cref="Url"/>.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>A PostgreSQL database for everything (<see cref="PostgresUrl"/>), which one server at a time uses; empty: files in <see cref="DataFolder"/>.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// Encrypts the event store's file. DuckDB writes encrypted files only with its httpfs extension; where that cannot be loaded the
    /// store refuses to open. Needs <see cref="EventsKey"/>. A file keeps the form it was made in.
    /// </summary>
    public bool EncryptEvents { get; set; }

    /// <summary>The 32-byte key of an encrypted event store; set in code by whoever holds the keys, never from configuration.</summary>
    public ReadOnlyMemory<byte> EventsKey { get; set; }

    /// <summary>Length of a public tick in seconds.</summary>
    public int TickSeconds { get; set; } = 10;

    /// <summary>Longest run of one aggregation. No key of the configuration: only tests are less patient.</summary>
    internal TimeSpan AggregateTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most rows that one aggregation gives back, so that groups without end (of private keys) cannot fill the process. For tests to lower.</summary>
    internal int AggregateRows { get; set; } = 1_000_000;
}
