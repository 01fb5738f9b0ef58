using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Columns of sub-selects, which are numbered.</summary>
internal static class NumberedColumns
{
    /// <summary>The name of a numbered column, or of a numbered sub-select.</summary>
    public static string Number(string letter, int index) => string.Create(CultureInfo.InvariantCulture, $"{letter}{index}");

    /// <summary>What is selected, or grouped or ordered by.</summary>
    public static string List(IEnumerable<string> items) => string.Join(", ", items);
}
