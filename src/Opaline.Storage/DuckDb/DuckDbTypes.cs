using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Between the stored types and DuckDB's.</summary>
internal static class DuckDbTypes
{
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static string Name(StoredType type) => type switch
    {
        StoredType.Int64 => "BIGINT",
        StoredType.Double => "DOUBLE",
        StoredType.Decimal => "DECIMAL(18,6)",
        StoredType.Boolean => "BOOLEAN",
        StoredType.Text => "VARCHAR",
        StoredType.Timestamp => "TIMESTAMP",
        StoredType.Date => "DATE",
        StoredType.Uuid => "UUID",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown stored type."),
    };

    /// <summary>The stored type of a column as DuckDB names it.</summary>
    public static StoredType Parse(string name) =>
        Enum.GetValues<StoredType>().Where(t => Name(t) == name).Cast<StoredType?>().FirstOrDefault()
            ?? throw new StorageFailureException("The event store has a column of an unknown type; it was written by another version of Opaline.");

    /// <summary>Appends a value of a frame in the form that its column takes.</summary>
    public static void Append(IDuckDBAppenderRow row, StoredType type, object? value) => _ = value switch
    {
        null => row.AppendNullValue(),
        long micros when type == StoredType.Timestamp => row.AppendValue(UnixMicros.ToDateTime(micros)),
        int days => row.AppendValue((DuckDBDateOnly)DateOnly.FromDayNumber(EpochDay + days)),
        long number => row.AppendValue(number),
        double number => row.AppendValue(number),
        decimal number => row.AppendValue(number),
        bool flag => row.AppendValue(flag),
        string text => row.AppendValue(StoredText.Of(text)),
        Guid id => row.AppendValue(id),
        _ => throw new ArgumentException($"Values of {value.GetType().Name} are not stored.", nameof(value)),
    };

    /// <summary>A value of a result as <see cref="IEventStore.AggregateAsync"/> promises it. Fractions never leave the engine: sums are integers.</summary>
    public static object? Result(object? value) => value switch
    {
        null or DBNull => null,
        long or BigInteger or string or bool => value,
        sbyte or short or int or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => (BigInteger)number,
        DateTime instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        DateOnly date => date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        Guid id => id.ToString(),
        _ => throw new StorageFailureException("An aggregation returned a column that is neither an integer, a text, a boolean nor an instant."),
    };
}
