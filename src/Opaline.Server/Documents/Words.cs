using System.Text.Json;
using Opaline.Catalog;

namespace Opaline.Server.Documents;

/// <summary>Enums as the words of the wire: <c>SubjectPerDay</c> is <c>subject_per_day</c>.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of the word, the default if there is no word; an unknown word is added to the errors.</summary>
    public static T Read<T>(string? word, T absent, string path, List<CatalogError> errors)
        where T : struct, Enum => Read<T>(word, path, errors) ?? absent;

    /// <summary>The value of the word, null if there is none; an unknown word is added to the errors.</summary>
    public static T? Read<T>(string? word, string path, List<CatalogError> errors)
        where T : struct, Enum
    {
        if (word is null)
            return null;
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(Of(value), word, StringComparison.Ordinal))
                return value;
        }

        errors.Add(new CatalogError("invalid_value", path, $"Use {string.Join(", ", Enum.GetValues<T>().Select(Of))}."));
        return null;
    }
}
