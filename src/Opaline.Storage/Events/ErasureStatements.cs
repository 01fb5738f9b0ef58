using System.Globalization;
using System.Security.Cryptography;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>The statements that take subjects out of an event table, alike in every engine.</summary>
internal static class ErasureStatements
{
    private const int SubjectsPerStatement = 500;

    /// <summary>Statements without parameters: every value in them is a number of ours.</summary>
    public static IEnumerable<string> Of(Dataset dataset, IReadOnlyList<long> subjects)
    {
        string table = EventTable.Name(dataset);
        foreach (long[] chunk in subjects.Chunk(SubjectsPerStatement))
        {
            string gone = $"{EventTable.Subject} IN ({string.Join(',', chunk.Select(Number))})";
            yield return dataset.ErasedRows == ErasedRows.Delete ? $"DELETE FROM {table} WHERE {gone}" : Anonymize(dataset, chunk, gone);
        }
    }

    // A token could lead back to a person who shares the value, and an event key to whoever knows the event.
    private static string Anonymize(Dataset dataset, long[] subjects, string gone)
    {
        IEnumerable<string> tokens = dataset.Fields
            .Where(f => f.Treatment.Kind == TreatmentKind.Tokenize && f.HasColumn)
            .Select(f => $", {EventTable.Column(f)} = NULL");
        string numbers = string.Concat(subjects.Select(s => $" WHEN {Number(s)} THEN {Number(Nobody())}"));
        return $"UPDATE {EventTable.Name(dataset)} SET {EventTable.Subject} = CASE {EventTable.Subject}{numbers} END, {EventTable.EventKey} = gen_random_uuid(), {EventTable.Sealed} = NULL{string.Concat(tokens)} WHERE {gone}";
    }

    // The rows of one person stay one unit of privacy. The dictionary gives out positive numbers only, so that this one is nobody's for good.
    private static long Nobody() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) | long.MinValue;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
