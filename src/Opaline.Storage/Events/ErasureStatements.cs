using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>The statements that take subjects out of an event table, alike in every engine.</summary>
internal static class ErasureStatements
{
    private const int SubjectsPerStatement = 500;

    /// <summary>Statements without parameters: every value in them is a number of ours.</summary>
    public static IEnumerable<string> Of(Dataset dataset, IReadOnlyList<ErasedSubject> subjects)
    {
        string table = EventTable.Name(dataset);
        foreach (ErasedSubject[] chunk in subjects.Chunk(SubjectsPerStatement))
        {
            string gone = $"{EventTable.Subject} IN ({string.Join(',', chunk.Select(s => Number(s.Subject)))})";
            yield return $"DELETE FROM {OrdinalTables.Mark} WHERE dataset_id = {Number(dataset.Id)} AND {gone}";
            yield return dataset.ErasedRows == ErasedRows.Delete ? $"DELETE FROM {table} WHERE {gone}" : Anonymize(dataset, chunk, gone);
        }
    }

    // A token could lead back to a person who shares the value.
    private static string Anonymize(Dataset dataset, ErasedSubject[] subjects, string gone)
    {
        IEnumerable<string> tokens = dataset.Fields
            .Where(f => f.Treatment.Kind == TreatmentKind.Tokenize && f.Stored is not null && f.Role is not (FieldRole.Subject or FieldRole.Time))
            .Select(f => $", {EventTable.Column(f)} = NULL");
        string numbers = string.Concat(subjects.Select(s => $" WHEN {Number(s.Subject)} THEN {Number(s.Surrogate)}"));
        return $"UPDATE {EventTable.Name(dataset)} SET {EventTable.Subject} = CASE {EventTable.Subject}{numbers} END, {EventTable.Sealed} = NULL{string.Concat(tokens)} WHERE {gone}";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
