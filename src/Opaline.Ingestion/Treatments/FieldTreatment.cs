using System.Globalization;
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

    /// <summary>Set for the action of the built-in dataset: which words may be kept.</summary>
    public ActionNames? Actions { get; init; }

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
    public object? Store(in Cell cell, ReadOnlySpan<byte> body, ref byte[] scratch)
    {
        if (cell.Kind == CellKind.Whole)
            return null;
        switch (Kind)
        {
            case TreatmentKind.Keep:
                return Keep(cell, JsonText.Utf8(cell, body, ref scratch));
            case TreatmentKind.Generalize or TreatmentKind.Mask:
                return Clean(_generalizer!.Apply(JsonText.Decode(cell, body)));
            case TreatmentKind.Redact:
                string text = JsonText.Decode(cell, body);
                return Clean(TextRedactor.Redact(text, _detector.Find(text)));
            default:
                return null;
        }
    }

    private object? Keep(in Cell cell, ReadOnlySpan<byte> utf8)
    {
        if (_texts is null)
            return TypedValues.Read(Field!.Type, cell.Kind, utf8, _zone) is { } value && MayKeep(value, utf8) ? value : null;
        if (cell.Kind != CellKind.Text || (Actions is not null && !ActionNames.IsPlain(utf8)))
            return null;
        string? text = _texts.Keep(utf8);
        return text is not null && Actions?.Admit(text) == false ? null : text;
    }

    // Until an admin looked at the field, a long number may be anybody's telephone or account.
    private bool MayKeep(object value, ReadOnlySpan<byte> utf8) =>
        Field!.Visible
        || value switch
        {
            long or double or decimal => Math.Abs(Convert.ToDouble(value, CultureInfo.InvariantCulture)) < UnknownFields.Identifying
                && (utf8.Length < 7 || _detector.Classify(Name, Encoding.UTF8.GetString(utf8)) is null),
            _ => true,
        };

    private static string? Clean(string? text) => text is null || text.Any(char.IsControl) ? null : text;
}
