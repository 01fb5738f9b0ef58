namespace Opaline.Cli.Import;

/// <summary>A file of rows.</summary>
internal interface IImportSource : IAsyncDisposable
{
    /// <summary>Names of its columns, or null if the format does not state them.</summary>
    IReadOnlyList<string>? Columns { get; }

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    double Share { get; }

    /// <summary>The distinct values of a column in order, at most <paramref name="most"/> + 1 of them.</summary>
    Task<IReadOnlyList<string>> DistinctAsync(string column, int most, CancellationToken cancellationToken);

    /// <summary>The rows in file order as JSON objects; each carries an <c>event_id</c> made of the key and its number.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> RowsAsync(string key, CancellationToken cancellationToken);
}
