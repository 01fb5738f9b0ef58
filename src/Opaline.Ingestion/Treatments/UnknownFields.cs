using System.Globalization;
using Opaline.Catalog;
using Opaline.Detection;

namespace Opaline.Ingestion;

/// <summary>
/// Suggests a declaration for a path that nobody declared, from its first values: what a rule recognises is tokenized, booleans are kept,
/// numbers and any other text are sealed. Nothing of it is visible to analysts until an admin confirmed it.
/// </summary>
internal sealed class UnknownFields(ValueDetector detector)
{
    /// <summary>Values looked at before deciding.</summary>
    public const int Sample = 100;

    /// <summary>The declaration, or null if the name may not be stored or no value may be looked at: then the values are sealed under no column.</summary>
    public FieldDeclaration? Suggest(string path, IReadOnlyList<Cell> cells, ReadOnlySpan<byte> body)
    {
        if (cells.Count == 0 || !FieldNames.MayBeStored(path, detector))
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
        if (recognised is { } known)
            return Declare(path, FieldType.String, Suggestion.For(known));

        // A number may be an account, a telephone, a birthday: like a text it may say anything, and nobody has looked at it.
        return Declare(path, type!.Value, type == FieldType.Boolean ? Suggestion.ForNonText : Suggestion.ForText);
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
                if (!double.IsFinite(number))
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
