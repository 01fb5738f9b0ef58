using System.Globalization;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Import;

/// <summary>One <c>--measure COL:lo:hi:granularity</c>.</summary>
/// <param name="Column">The column.</param>
/// <param name="Bounds">Its public bounds.</param>
internal sealed record MeasureOption(string Column, MeasureBoundsDocument Bounds)
{
    /// <summary>Null if the text is not of that form. The column's name may hold colons.</summary>
    public static MeasureOption? Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length < 4)
            return null;
        decimal[] numbers = new decimal[3];
        for (int i = 0; i < 3; i++)
        {
            if (!decimal.TryParse(parts[^(3 - i)], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return new MeasureOption(string.Join(':', parts[..^3]), new MeasureBoundsDocument(numbers[0], numbers[1], numbers[2]));
    }
}
