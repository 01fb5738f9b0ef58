using System.Globalization;
using Opaline.Catalog;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>
/// Suggests a declaration for a path that nobody declared, from its first values: what a rule recognises is tokenized, plain numbers and
/// booleans are kept, any other text is sealed. Nothing of it is visible to analysts until an admin confirmed it.
/// </summary>
internal sealed class UnknownFields(ValueDetector detector)
{
    /// <summary>Values looked at before deciding.</summary>
    public const int Sample = 100;

    /// <summary>An undeclared number of at least this size may be an identifier (an account, a telephone, a social security number).</summary>
    public const long Identifying = 100_000_000;

    /// <summary>The declaration, or null if the name may not be stored: then the values are sealed under no column.</summary>
    public FieldDeclaration? Suggest(string path, IReadOnlyList<Cell> cells, ReadOnlySpan<byte> body)
    {
        if (!FieldNames.MayBeStored(path, detector))
            return null;
        FieldType? type = null;
        PiiType? recognised = null;
        bool seal = false;
        for (int i = 0; i < cells.Count && !seal; i++)
        {
            (FieldType? found, PiiType? pii) = Look(path, cells[i], body);
            if (i == 0)
                (type, recognised) = (found, pii);
            seal = found is null || pii != recognised || !Widen(ref type, found.Value);
        }

        if (seal)
            return Declare(path, FieldType.String, Suggestion.ForText);
        return recognised is { } known
            ? Declare(path, FieldType.String, Suggestion.For(known))
            : Declare(path, type!.Value, Suggestion.ForNonText);
    }

    private (FieldType? Type, PiiType? Pii) Look(string path, Cell cell, ReadOnlySpan<byte> body)
    {
        switch (cell.Kind)
        {
            case CellKind.Whole:
                return (null, null);
            case CellKind.True or CellKind.False:
                return (FieldType.Boolean, null);
            default:
                string text = JsonText.Decode(cell, body);
                if (detector.Classify(path, text) is { } finding)
                    return (FieldType.String, finding.Type);
                if (cell.Kind == CellKind.Text || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                    return (null, null);
                if (!double.IsFinite(number) || Math.Abs(number) >= Identifying)
                    return (null, null);
                return (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? FieldType.Int64 : FieldType.Double, null);
        }
    }

    private static bool Widen(ref FieldType? type, FieldType found)
    {
        if (type == found)
            return true;
        if ((type, found) is not ((FieldType.Int64, FieldType.Double) or (FieldType.Double, FieldType.Int64)))
            return false;
        type = FieldType.Double;
        return true;
    }

    private static FieldDeclaration Declare(string path, FieldType type, Suggestion suggestion)
    {
        TreatmentKind treatment = suggestion.Treatment switch
        {
            SuggestedTreatment.Keep => TreatmentKind.Keep,
            SuggestedTreatment.Tokenize => TreatmentKind.Tokenize,
            _ => TreatmentKind.Seal,
        };
        ClassificationLevel level = suggestion.Level switch
        {
            SuggestedLevel.Public => ClassificationLevel.Public,
            SuggestedLevel.Internal => ClassificationLevel.Internal,
            SuggestedLevel.Confidential => ClassificationLevel.Confidential,
            _ => ClassificationLevel.Restricted,
        };
        return new FieldDeclaration(
            path,
            type,
            treatment == TreatmentKind.Seal ? FieldRole.Text : FieldRole.Dimension,
            new Classification(level, suggestion.Category, ClassificationState.Suggested, ClassificationSource.Auto),
            new Treatment(treatment));
    }
}
