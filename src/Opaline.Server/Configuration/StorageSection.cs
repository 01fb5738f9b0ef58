namespace Opaline.Server.Configuration;

/// <summary>Where data lies.</summary>
internal sealed class StorageSection
{
    private const string Later = "is not supported by this version, which stores everything in SQLite and DuckDB under Opaline:Storage:DataFolder. Leave it empty.";

    /// <summary>Folder of <c>control.db</c> and <c>events.duckdb</c>.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>A PostgreSQL server; empty: embedded storage.</summary>
    public string Url { get; init; } = "";

    /// <summary>A Redis server; empty: caches in the process.</summary>
    public string RedisUrl { get; init; } = "";

    /// <summary>Encrypt DuckDB's file as a whole; needs DuckDB's httpfs extension.</summary>
    public bool EncryptEvents { get; init; }

    /// <summary>Seconds between public clock ticks, at which data becomes visible to queries.</summary>
    public int TickSeconds { get; init; } = 10;

    internal void Check(Faults faults)
    {
        faults.Require(!string.IsNullOrWhiteSpace(DataFolder), nameof(DataFolder), "must name a folder, such as data.");
        faults.Require(Url.Length == 0, nameof(Url), "a PostgreSQL or other storage URL " + Later);
        faults.Require(RedisUrl.Length == 0, nameof(RedisUrl), "a Redis URL " + Later);
        faults.Within(TickSeconds, 1, 3600, nameof(TickSeconds));
    }
}
