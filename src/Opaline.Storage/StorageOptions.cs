namespace Opaline.Storage;

/// <summary>Where the data lies and how much the engines may take.</summary>
public sealed class StorageOptions
{
    /// <summary>Folder of control.db and events.duckdb; made with mode 0700.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>
    /// Encrypts the event store's file. DuckDB writes encrypted files only with its httpfs extension; where that cannot be loaded the
    /// store refuses to open. Needs <see cref="EventsKey"/>. A file keeps the form it was made in.
    /// </summary>
    public bool EncryptEvents { get; set; }

    /// <summary>The 32-byte key of an encrypted event store; set in code by whoever holds the keys, never from configuration.</summary>
    public ReadOnlyMemory<byte> EventsKey { get; set; }

    /// <summary>Threads of the event store; 0: as many as there are processors.</summary>
    public int EventThreads { get; set; }

    /// <summary>Memory of the event store in MB, from 64; 0: half of what the process may use, at most 4,096.</summary>
    public int EventMemoryMegabytes { get; set; }

    /// <summary>Aggregations that run at the same time; others wait.</summary>
    public int EventReaders { get; set; } = 4;

    /// <summary>Longest run of one aggregation, in seconds.</summary>
    public int AggregateTimeoutSeconds { get; set; } = 60;

    /// <summary>Read-only connections to the control store.</summary>
    public int ControlReaders { get; set; } = 8;

    /// <summary>Length of a public tick in seconds.</summary>
    public int TickSeconds { get; set; } = 10;
}
