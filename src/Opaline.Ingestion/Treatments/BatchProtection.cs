using Opaline.Catalog;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Ingestion;

/// <summary>
/// Turns the events of a batch into protected rows: first it gathers what the vault must give ids to, then it applies each field's
/// treatment. What a column cannot take goes into the row's sealed part.
/// </summary>
internal sealed class BatchProtection
{
    private readonly IngestBatch _batch;
    private readonly ParsedBatch _parsed;
    private readonly FieldTreatment[] _treatments;
    private readonly int[] _columns;
    private readonly List<FrameColumn> _frameColumns = [];
    private readonly int[] _subjects;
    private readonly List<SubjectText> _subjectTexts = [];
    private byte[] _scratch = new byte[256];

    /// <param name="batch">Where the events belong.</param>
    /// <param name="parsed">The events.</param>
    /// <param name="treatments">One per path number.</param>
    public BatchProtection(IngestBatch batch, ParsedBatch parsed, FieldTreatment[] treatments)
    {
        (_batch, _parsed, _treatments) = (batch, parsed, treatments);
        _columns = new int[treatments.Length];
        _columns.AsSpan().Fill(-1);
        _subjects = new int[parsed.Events.Count];
        Gather(batch.Body.Span);
    }

    /// <summary>The distinct subjects as they came.</summary>
    public List<string> Subjects { get; } = [];

    /// <summary>The values to tokenize, in the order of the events.</summary>
    public List<VaultValue> Values { get; } = [];

    /// <summary>Whether some event has an id of its client's.</summary>
    public bool NamesEvents => _parsed.Events.Exists(e => e.Id is not null);

    /// <summary>The columns of the rows.</summary>
    public IReadOnlyList<FrameColumn> Columns => _frameColumns;

    /// <summary>Applies the treatments.</summary>
    public List<ProtectedRow> Protect(VaultBatch vault, EventKeys keys)
    {
        ReadOnlySpan<byte> body = _batch.Body.Span;
        byte[] prefix = SealedFields.Prefix(_batch.Caller.Tenant, _batch.Dataset.Id);
        byte[] associated = [.. prefix, .. new byte[16]];
        List<ProtectedRow> rows = new(_parsed.Events.Count);
        using SealedObject toSeal = new();
        byte[][] identities = [.. Enumerable.Range(0, Subjects.Count).Select(vault.SubjectIdentity)];
        int token = 0;
        for (int i = 0; i < _subjects.Length; i++)
        {
            ParsedEvent item = _parsed.Events[i];
            object?[] values = new object?[_frameColumns.Count];
            toSeal.Clear();
            for (int c = item.FirstCell; c < item.FirstCell + item.CellCount; c++)
            {
                Cell cell = _parsed.Cells[c];
                FieldTreatment treatment = _treatments[cell.Slot];
                if (treatment.Kind == TreatmentKind.Drop)
                    continue;
                object? value = NameTells(treatment, _subjects[i]) ? null
                    : treatment.Tokenizes(cell) ? vault.EntryId(token++)
                    : treatment.Store(cell, _subjectTexts[_subjects[i]], body, ref _scratch);
                if (value is null)
                    toSeal.Add(treatment.JsonName, cell.Json(body));
                else
                    values[_columns[cell.Slot]] = value;
            }

            long subject = vault.SubjectId(_subjects[i]);
            Guid key = keys.Of(identities[_subjects[i]], item.Id is { } id ? JsonText.Utf8(id, body, ref _scratch) : [], item.Index);
            byte[]? box = null;
            if (toSeal.Any)
            {
                key.TryWriteBytes(associated.AsSpan(prefix.Length), bigEndian: true, out _);
                box = vault.Seal(_subjects[i], toSeal.Close(), associated);
            }

            rows.Add(new ProtectedRow(key, subject, item.TimeMicros, values, box));
        }

        return rows;
    }

    private void Gather(ReadOnlySpan<byte> body)
    {
        Dictionary<byte[], int> known = new(Utf8Comparer.Instance);
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = known.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int i = 0; i < _subjects.Length; i++)
        {
            ParsedEvent item = _parsed.Events[i];
            ReadOnlySpan<byte> raw = item.Subject.Json(body);
            if (!lookup.TryGetValue(raw, out int subject))
            {
                subject = Subjects.Count;
                lookup[raw] = subject;
                Subjects.Add(JsonText.Decode(item.Subject, body));
                _subjectTexts.Add(new SubjectText(Subjects[subject]));
            }

            _subjects[i] = subject;
            for (int c = item.FirstCell; c < item.FirstCell + item.CellCount; c++)
                Gather(_parsed.Cells[c], subject, body);
        }
    }

    private void Gather(in Cell cell, int subject, ReadOnlySpan<byte> body)
    {
        FieldTreatment treatment = _treatments[cell.Slot];
        if (treatment.Kind is TreatmentKind.Seal or TreatmentKind.Drop || NameTells(treatment, subject))
            return;
        if (_columns[cell.Slot] < 0)
        {
            _columns[cell.Slot] = _frameColumns.Count;
            _frameColumns.Add(new FrameColumn(treatment.Field!.Id, treatment.Field.Stored!.Value));
        }

        if (treatment.Tokenizes(cell))
            Values.Add(new VaultValue(subject, treatment.Name, treatment.TokenKind, JsonText.Decode(cell, body)));
    }

    // Another person's event may have brought the name; in this person's row a value under it would still say who it is.
    private bool NameTells(FieldTreatment treatment, int subject) =>
        treatment.HasDiscoveredColumn && _subjectTexts[subject].StandsIn(treatment.Name);
}
