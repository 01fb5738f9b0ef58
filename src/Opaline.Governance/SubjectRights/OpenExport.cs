using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Governance;

/// <summary>
/// An export that was recorded and may be written, once, as JSON or as CSV. It ends with a <see cref="SubjectErasedException"/> once the person is erased: nothing that was read after
/// that is given out, and what was given out before is not whole.
/// </summary>
public sealed class OpenExport : IDisposable
{
    private const int RowsAtOnce = 1_000;
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly KnownSubject _subject;
    private readonly OpenedSubject _opened;
    private readonly IReadOnlyList<Dataset> _datasets;
    private readonly RevealService _reveals;
    private readonly IEventStore _events;
    private readonly Tick _tick;

    internal OpenExport(KnownSubject subject, OpenedSubject opened, IReadOnlyList<Dataset> datasets, RevealService reveals, IEventStore events, Tick tick) =>
        (_subject, _opened, _datasets, _reveals, _events, _tick) = (subject, opened, datasets, reveals, events, tick);

    // The subject's entry is the identifier itself, which has a place of its own.
    private IEnumerable<(string Field, string Value)> Values =>
        _opened.Values.Values.Where(v => v.Field is not null).Select(v => (v.Field!, v.Value)).OrderBy(v => v.Item1, StringComparer.Ordinal).ThenBy(v => v.Item2, StringComparer.Ordinal);

    /// <summary>Writes one JSON object: <c>subject_id</c>, <c>identifier</c>, <c>subject_scope</c>, <c>as_of</c>, <c>values</c>, <c>datasets</c> with their rows.</summary>
    /// <exception cref="SubjectErasedException">The person was erased meanwhile; the destination is to be thrown away.</exception>
    public async Task WriteJsonAsync(Stream destination, CancellationToken cancellationToken)
    {
        // Not disposed of when it fails, which would write out what is in its buffer.
        Utf8JsonWriter json = new(destination, Indented);
        await RequireLiveAsync(cancellationToken);
        json.WriteStartObject();
        json.WriteString("subject_id", _subject.Token);
        json.WriteString("identifier", _opened.Identifier);
        json.WriteString("subject_scope", _subject.SubjectScope);
        json.WriteString("as_of", _tick.AsOf);
        json.WriteStartArray("values");
        foreach ((string field, string value) in Values)
        {
            json.WriteStartObject();
            json.WriteString("field", field);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("datasets");
        foreach (Dataset dataset in _datasets)
        {
            json.WriteStartObject();
            json.WriteString("dataset", dataset.Name);
            json.WriteStartArray("rows");
            await foreach (ExportedRow row in RowsAsync(dataset, cancellationToken))
            {
                json.WriteStartObject();
                json.WriteString("time", row.Time);
                json.WriteStartObject("fields");
                foreach ((string name, string value) in row.Fields)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
                if (json.BytesPending > FlushAt)
                    await json.FlushAsync(cancellationToken);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.DisposeAsync();
    }

    /// <summary>
    /// Writes CSV (RFC 4180) with one line per value: <c>dataset,row,time,field,value</c>. Lines without a dataset are the identifier and the values; rows are numbered from 1.
    /// A text that a spreadsheet would take for a formula has an apostrophe before it.
    /// </summary>
    /// <exception cref="SubjectErasedException">The person was erased meanwhile; the destination is to be thrown away.</exception>
    public async Task WriteCsvAsync(Stream destination, CancellationToken cancellationToken)
    {
        await using StreamWriter csv = new(destination, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), FlushAt, leaveOpen: true) { NewLine = "\r\n" };
        await RequireLiveAsync(cancellationToken);
        await csv.WriteLineAsync("dataset,row,time,field,value");
        await LineAsync("", "", "", "identifier", _opened.Identifier);
        foreach ((string field, string value) in Values)
            await LineAsync("", "", "", field, value);
        foreach (Dataset dataset in _datasets)
        {
            int number = 0;
            await foreach (ExportedRow row in RowsAsync(dataset, cancellationToken))
            {
                string place = (++number).ToString(CultureInfo.InvariantCulture);
                string time = row.Time.ToString("O", CultureInfo.InvariantCulture);
                foreach ((string name, string value) in row.Fields)
                    await LineAsync(dataset.Name, place, time, name, Plain(value));
            }
        }

        Task LineAsync(params string[] cells) => csv.WriteLineAsync(string.Join(',', cells.Select(Quoted)));
    }

    /// <inheritdoc />
    public void Dispose() => _opened.Dispose();

    private async IAsyncEnumerable<ExportedRow> RowsAsync(Dataset dataset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Field[] columns = [.. dataset.Fields.Where(f => f.HasColumn)];
        string sql = Sql(dataset, columns);
        for (long last = -1; ;)
        {
            IReadOnlyList<object?[]> rows = await _events.AggregateAsync(sql, [_subject.Id, last, _tick.VisibleLsn], cancellationToken);
            // Rows that are gone would be missing, and rows that were read before that are nobody's to see any more.
            await RequireLiveAsync(cancellationToken);
            foreach (object?[] row in rows)
                yield return Open(dataset, columns, row);
            if (rows.Count < RowsAtOnce)
                yield break;
            last = (long)rows[^1][0]!;
        }
    }

    private string Sql(Dataset dataset, Field[] columns)
    {
        string hexadecimal = _events.Dialect == SqlDialect.DuckDb ? $"hex({EventTable.Sealed})" : $"encode({EventTable.Sealed}, 'hex')";
        string values = string.Concat(columns.Select(f => $", CAST({EventTable.Column(f)} AS VARCHAR)"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {EventTable.Seq}, {EventTable.Time}, CAST({EventTable.EventKey} AS VARCHAR), {hexadecimal}{values} FROM {EventTable.Name(dataset)}
            WHERE {EventTable.Subject} = $1 AND {EventTable.Seq} > $2 AND {EventTable.Lsn} <= $3 ORDER BY {EventTable.Seq} LIMIT {RowsAtOnce}
            """);
    }

    private ExportedRow Open(Dataset dataset, Field[] columns, object?[] row)
    {
        List<(string, string)> fields = [];
        for (int i = 0; i < columns.Length; i++)
        {
            if (row[4 + i] is string value)
                fields.Add((columns[i].Name, Json(columns[i], value)));
        }

        if (row[3] is string box)
        {
            byte[] associated = SealedFields.AssociatedData(dataset.Tenant, dataset.Id, Guid.Parse((string)row[2]!));
            byte[] plaintext = _opened.OpenRow(Convert.FromHexString(box), associated);
            try
            {
                using JsonDocument opened = JsonDocument.Parse(plaintext);
                fields.AddRange(opened.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.GetRawText())));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        }

        return new ExportedRow(dataset.Name, (DateTime)row[1]!, fields);
    }

    private string Json(Field field, string value)
    {
        if (field.Treatment.Kind == TreatmentKind.Tokenize)
            return Text(_opened.Values.TryGetValue(long.Parse(value, CultureInfo.InvariantCulture), out (string? Field, string Value) held) ? held.Value : "");
        return field.Stored is StoredType.Int64 or StoredType.Double or StoredType.Decimal or StoredType.Boolean ? value : Text(value);
    }

    private static string Text(string value) => JsonSerializer.Serialize(value);

    private static string Plain(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString()! : json;
    }

    private static string Quoted(string cell)
    {
        string harmless = IsFormula(cell) ? "'" + cell : cell;
        return harmless.AsSpan().ContainsAny("\",\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }

    // What spreadsheets compute, and they skip blanks before it; a plain number is one.
    private static bool IsFormula(string cell) =>
        cell.AsSpan().TrimStart() is [var first, ..] && (first is '=' or '+' or '-' or '@' || cell[0] is '\t' or '\r')
        && !decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private async Task RequireLiveAsync(CancellationToken cancellationToken)
    {
        if (!await _reveals.IsLiveAsync(_subject, cancellationToken))
            throw new SubjectErasedException();
    }
}
