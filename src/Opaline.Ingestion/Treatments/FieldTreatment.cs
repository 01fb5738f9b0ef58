using System.Text;
using System.Text.Json;
using Opaline.Catalog;
using Opaline.Detection;
using Opaline.Tokenization;

namespace Opaline.Ingestion;

/// <summary>
/// What is done with the values of one path. Whatever cannot be stored as its treatment says is sealed under the subject's key:
/// a value is never lost, and never stored more openly than declared.
/// </summary>
internal sealed class FieldTreatment
{
    private readonly ValueDetector _detector;
    private readonly TimeZoneInfo? _zone;
    private readonly KeptTexts? _texts;
    private readonly Generalizer? _generalizer;

    /// <summary>The treatment of a declared field.</summary>
    public FieldTreatment(Field field, TimeZoneInfo? zone, ValueDetector detector)
        : this(field.Name, detector)
    {
        Field = field;
        Kind = field.Treatment.Kind;
        _zone = zone;
        switch (Kind)
        {
            case TreatmentKind.Keep when field.Type == FieldType.String:
                _texts = new KeptTexts(field.Name, field.Domain ?? [], detector);
                break;
            case TreatmentKind.Generalize or TreatmentKind.Mask:
                // One that cannot be read cannot make anything coarser: seal.
                if (!Generalizer.TryParse(field.Treatment.Generalizer ?? "", out _generalizer, out _))
                    Kind = TreatmentKind.Seal;
                break;
            default:
                break;
        }
    }

    /// <summary>The treatment of a path that gets no column: everything is sealed.</summary>
    public FieldTreatment(string name, ValueDetector detector)
    {
        _detector = detector;
        Kind = TreatmentKind.Seal;
        Name = name;
        JsonName = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\":");
    }

    /// <summary>Path of the field.</summary>
    public string Name { get; }

    /// <summary>The path as a JSON property name with quotes and colon.</summary>
    public byte[] JsonName { get; }

    /// <summary>The field, or null for a path that gets no column.</summary>
    public Field? Field { get; }

    /// <summary>The treatment in force.</summary>
    public TreatmentKind Kind { get; }

    /// <summary>Whether it is the action of the built-in dataset, of which only plain words are kept.</summary>
    public bool IsAction { get; init; }

    /// <summary>Whether the values have a column whose name came in with an event, and no admin confirmed it.</summary>
    public bool HasDiscoveredColumn =>
        Kind != TreatmentKind.Seal && Field is not null && DatasetRules.IsDiscovered(Field.Classification);

    /// <summary>Which spellings of a tokenized value are the same one.</summary>
    public TokenKind TokenKind => Field switch
    {
        { Type: FieldType.Ip } => TokenKind.Ip,
        { Classification.Category: "user.contact.email" } => TokenKind.Email,
        { Classification.Category: "user.contact.phone_number" } => TokenKind.Phone,
        { Classification.Category: "user.device.ip_address" } => TokenKind.Ip,
        { Classification.Category: "user.financial.credit_card" } => TokenKind.Card,
        { Classification.Category: "user.financial.bank_account" } => TokenKind.Iban,
        { Classification.Category: "user.name" } => TokenKind.Text,
        _ => TokenKind.Identifier,
    };

    /// <summary>Whether the cell becomes a dictionary id.</summary>
    public bool Tokenizes(in Cell cell) => Kind == TreatmentKind.Tokenize && cell.Kind != CellKind.Whole && !(cell.Kind == CellKind.Text && cell.Length == 2);

    /// <summary>The value of the cell's column, or null if the cell is to be sealed. For treatments that store a value; tokens come from the vault.</summary>
    /// <param name="cell">The value.</param>
    /// <param name="subject">What may not stand in the clear of this event's subject.</param>
    /// <param name="body">What the cell is a part of.</param>
    /// <param name="scratch">Used where escapes must be resolved.</param>
    public object? Store(in Cell cell, SubjectText subject, ReadOnlySpan<byte> body, ref byte[] scratch)
    {
        if (cell.Kind == CellKind.Whole)
            return null;
        switch (Kind)
        {
            case TreatmentKind.Keep:
                ReadOnlySpan<byte> utf8 = JsonText.Utf8(cell, body, ref scratch);
                object? kept = Keep(cell, utf8);
                // Typed values are compared as they came: it costs nothing where they are shorter than the subject, as they mostly are.
                return kept is null || subject.StandsIn(kept as string) || (_texts is null && subject.StandsIn(utf8)) ? null : kept;
            case TreatmentKind.Generalize or TreatmentKind.Mask:
                return Clean(_generalizer!.Apply(JsonText.Decode(cell, body)), subject);
            case TreatmentKind.Redact:
                string text = JsonText.Decode(cell, body);
                return Clean(TextRedactor.Redact(text, _detector.Find(text)), subject);
            default:
                return null;
        }
    }

    private object? Keep(in Cell cell, ReadOnlySpan<byte> utf8)
    {
        if (_texts is null)
            return TypedValues.Read(Field!.Type, cell.Kind, utf8, _zone) is { } value && MayKeep(value) ? value : null;
        return cell.Kind != CellKind.Text || (IsAction && !EventsDataset.IsAction(utf8)) ? null : _texts.Keep(utf8);
    }

    // Until an admin looked at the field, a number may be anybody's telephone or account.
    private bool MayKeep(object value) => Field!.Visible || value is not (long or double or decimal);

    private static string? Clean(string? text, SubjectText subject) =>
        text is null || text.Any(char.IsControl) || subject.StandsIn(text) ? null : text;
}
