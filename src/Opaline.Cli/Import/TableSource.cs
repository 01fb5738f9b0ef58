using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Opaline.Cli.Terminal;

namespace Opaline.Cli.Import;

/// <summary>CSV, TSV and Parquet, gzipped or not, read by DuckDB in this process. Values travel as the file's own text, so that no zero and no digit is lost.</summary>
internal sealed partial class TableSource : IImportSource
{
    private const string JsonNumber = @"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?";

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string _path;
    private List<TableColumn> _columns = [];
    private long _rows;
    private long _read;

    private TableSource(string path) => _path = path;

    public IReadOnlyList<string> Columns => [.. _columns.Select(c => c.Name)];

    public double Share => _rows == 0 ? 1 : (double)Interlocked.Read(ref _read) / _rows;

    /// <param name="path">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="nullText">Text that stands, unquoted, for an absent value in CSV and TSV, besides nothing: "NA" in quotes can be somebody's id.</param>
    /// <param name="asText">Columns whose values stay text whatever they look like: identifiers, times, domains.</param>
    /// <param name="cancellationToken">Ends the look at the file.</param>
    /// <exception cref="UsageException">DuckDB cannot read it.</exception>
    public static async Task<TableSource> OpenAsync(
        string path, ImportFormat format, string? nullText, IReadOnlySet<string> asText, CancellationToken cancellationToken)
    {
        TableSource source = new(path);
        try
        {
            await source._connection.OpenAsync(cancellationToken);
            await source.DescribeAsync(format, nullText, asText, cancellationToken);
            return source;
        }
        catch (DbException unreadable)
        {
            await source.DisposeAsync();
            throw source.Unreadable(unreadable);
        }
    }

    public async Task<IReadOnlyList<string>> DistinctAsync(string column, int most, CancellationToken cancellationToken)
    {
        TableColumn found = _columns.First(c => c.Name == column);
        await using DuckDBCommand command = Command(
            $"SELECT DISTINCT value FROM (SELECT {found.Expression} AS value FROM source) WHERE value IS NOT NULL ORDER BY value LIMIT {most + 1}");
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> values = [];
        while (await reader.ReadAsync(cancellationToken))
            values.Add(reader.GetString(0));
        return values;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RowsAsync(string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Columns called metadata.x go into one object, as the built-in dataset wants them; elsewhere that means the same.
        TableColumn[] columns = [.. _columns.OrderBy(c => c.Parent is null ? 0 : 1)];
        await using DuckDBCommand command = Command($"SELECT {string.Join(", ", columns.Select(c => c.Expression))} FROM source");
        command.UseStreamingMode = true;
        await using DbDataReader reader = await ReadAsync(command, cancellationToken);
        ArrayBufferWriter<byte> row = new();
        await using Utf8JsonWriter writer = new(row);
        while (await NextAsync(reader, cancellationToken))
        {
            long number = Interlocked.Increment(ref _read);
            row.ResetWrittenCount();
            writer.Reset();
            Write(writer, string.Create(CultureInfo.InvariantCulture, $"{key}:{number}"), reader, columns);
            yield return row.WrittenMemory;
        }
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private static void Write(Utf8JsonWriter writer, string id, DbDataReader reader, TableColumn[] columns)
    {
        writer.WriteStartObject();
        writer.WriteString("event_id"u8, id);
        bool nested = false;
        for (int i = 0; i < columns.Length; i++)
        {
            if (reader.IsDBNull(i))
                continue;
            if (columns[i].Parent is { } parent && !nested)
            {
                writer.WriteStartObject(parent);
                nested = true;
            }

            writer.WritePropertyName(columns[i].Leaf);
            string text = reader.GetString(i);
            if (columns[i].IsJson)
                writer.WriteRawValue(text, skipInputValidation: false);
            else
                writer.WriteStringValue(text);
        }

        if (nested)
            writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
    }

    private async Task DescribeAsync(ImportFormat format, string? nullText, IReadOnlySet<string> asText, CancellationToken cancellationToken)
    {
        string typed = format == ImportFormat.Parquet ? $"read_parquet({Literal(_path)})" : Csv(format, nullText, allText: false);
        string text = format == ImportFormat.Parquet ? typed : Csv(format, nullText, allText: true);
        await using (DuckDBCommand view = Command($"CREATE VIEW source AS SELECT * FROM {text}"))
            await view.ExecuteNonQueryAsync(cancellationToken);

        List<(string Name, string Type)> described = [];
        await using (DuckDBCommand describe = Command($"DESCRIBE SELECT * FROM {typed}"))
        await using (DbDataReader reader = await describe.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                described.Add((reader.GetString(0), reader.GetString(1)));
        }

        _columns = [.. described.Select(c => TableColumn.Of(c.Name, c.Type, format == ImportFormat.Parquet, asText.Contains(c.Name)))];
        await using DuckDBCommand count = Command(
            "SELECT count(*)" + string.Concat(_columns.Where(c => c.IsJson && format != ImportFormat.Parquet).Select(c =>
                $", count(*) FILTER (WHERE {c.Quoted} IS NOT NULL AND NOT regexp_full_match({c.Quoted}, '{JsonNumber}|true|false'))")) + " FROM source");
        await using DbDataReader counted = await count.ExecuteReaderAsync(cancellationToken);
        await counted.ReadAsync(cancellationToken);
        _rows = counted.GetInt64(0);
        // A column of numbers of which one is written 007 is a column of texts.
        int next = 1;
        for (int i = 0; i < _columns.Count; i++)
        {
            if (_columns[i].IsJson && format != ImportFormat.Parquet && counted.GetInt64(next++) > 0)
                _columns[i] = _columns[i] with { IsJson = false };
        }
    }

    private string Csv(ImportFormat format, string? nullText, bool allText) =>
        $"read_csv({Literal(_path)}, header=true, all_varchar={(allText ? "true" : "false")}"
        + (format == ImportFormat.Tsv ? ", delim='\\t'" : "")
        + (nullText is null ? "" : $", nullstr=['', {Literal(nullText)}], allow_quoted_nulls=false")
        + ")";

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private DuckDBCommand Command(string sql)
    {
        DuckDBCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Names are quoted and texts are literals with doubled quotes; the engine is this process's own, with nothing in it.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private async Task<DbDataReader> ReadAsync(DuckDBCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancellationToken);
        }
        catch (DbException unreadable)
        {
            throw Unreadable(unreadable);
        }
    }

    private async Task<bool> NextAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (DbException unreadable)
        {
            throw Unreadable(unreadable);
        }
    }

    /// <summary>The engine's text can hold values of the file: only the line's number is taken from it.</summary>
    private UsageException Unreadable(DbException exception)
    {
        Match line = LineNumber().Match(exception.Message);
        return new UsageException(
            $"{_path} cannot be read{(line.Success ? $": line {line.Groups[1].Value} is not like those before it" : "")}. Check the file, or name its format with --format.", exception);
    }

    [GeneratedRegex(@"Line: (\d{1,18})", RegexOptions.NonBacktracking)]
    private static partial Regex LineNumber();
}
