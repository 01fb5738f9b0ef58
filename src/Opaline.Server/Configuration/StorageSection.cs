using Opaline.Storage;

namespace Opaline.Server.Configuration;

/// <summary>Where data lies.</summary>
internal sealed class StorageSection
{
    /// <summary>Folder of <c>control.db</c> and <c>events.duckdb</c>; unused with <see cref="Url"/>.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>A PostgreSQL database for everything, as <see cref="PostgresUrl"/> reads it; empty: embedded storage.</summary>
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
        if (Url.Length > 0 && PostgresUrl.Fault(Url) is { } fault)
            faults.Add(nameof(Url), fault);
        faults.Require(
            !EncryptEvents || Url.Length == 0,
            nameof(EncryptEvents),
            "must be false with Opaline:Storage:Url: it is for the file of embedded storage; encrypt the disk of the PostgreSQL server.");
        faults.Require(
            RedisUrl.Length == 0, nameof(RedisUrl), "must be empty: this version keeps its caches and rate limits in the process; Redis comes later.");
        faults.Within(TickSeconds, 1, 3600, nameof(TickSeconds));
    }
}
