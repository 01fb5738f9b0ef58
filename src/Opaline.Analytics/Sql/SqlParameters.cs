using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Collects the values of a statement. Nothing that came from outside is ever written into its text.</summary>
internal sealed class SqlParameters
{
    private readonly List<object> _values = [];

    public IReadOnlyList<object> Values => _values;

    /// <summary>A placeholder of the value.</summary>
    public string Add(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    /// <summary>A placeholder of a checked literal, as the type of the column that it is compared with.</summary>
    public string Add(StoredType type, string text) => type switch
    {
        StoredType.Text => Add(text),
        StoredType.Boolean => Add(text == "true"),
        StoredType.Int64 => Add(long.Parse(text, CultureInfo.InvariantCulture)),
        StoredType.Double => Add(double.Parse(text, CultureInfo.InvariantCulture)),
        StoredType.Decimal => $"CAST({Add(text)} AS DECIMAL(18, 6))",
        // As themselves: PostgreSQL would read a text again for every row, since how times are written is a setting there.
        StoredType.Date => Add(DateOnly.Parse(text, CultureInfo.InvariantCulture)),
        StoredType.Timestamp => Add(DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)),
        StoredType.Uuid => $"CAST({Add(text)} AS UUID)",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
