using Opaline.Cli.Terminal;

namespace Opaline.Cli.Import;

/// <summary>The formats that can be imported.</summary>
internal enum ImportFormat
{
    /// <summary>Comma-separated, or whatever the file shows.</summary>
    Csv,

    /// <summary>Tab-separated.</summary>
    Tsv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>One JSON object a line.</summary>
    NdJson,
}

/// <summary>Tells formats by file name.</summary>
internal static class ImportFormats
{
    /// <exception cref="UsageException">The name does not tell.</exception>
    public static ImportFormat Of(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".CSV" => ImportFormat.Csv,
            ".TSV" or ".TAB" => ImportFormat.Tsv,
            ".PARQUET" => ImportFormat.Parquet,
            ".NDJSON" or ".JSONL" or ".JSON" => ImportFormat.NdJson,
            _ => throw new UsageException($"The name of {path} does not tell its format: give --format csv, tsv, parquet or ndjson."),
        };
    }
}
