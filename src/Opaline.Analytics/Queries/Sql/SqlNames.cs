using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Names that a question does not give itself.</summary>
internal static class SqlNames
{
    /// <summary>The name, or the first of it with a number that is not taken: <c>name_2</c>, <c>name_3</c>, ….</summary>
    public static string Free(string name, Func<string, bool> isTaken)
    {
        string free = name;
        for (int i = 2; isTaken(free); i++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return free;
    }
}
