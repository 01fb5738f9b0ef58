using System.Globalization;
using System.Numerics;
using Npgsql;
using NpgsqlTypes;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Between the stored types and PostgreSQL's.</summary>
internal static class PostgresTypes
{
    // PostgreSQL counts from 2000-01-01.
    private const long EpochMicros = 946_684_800_000_000;
    private const int EpochDays = 10_957;

    /// <summary>The type as the catalog of the server names it.</summary>
    public static string Name(StoredType type) => type switch
    {
        StoredType.Int64 => "bigint",
        StoredType.Double => "double precision",
        StoredType.Decimal => "numeric(18,6)",
        StoredType.Boolean => "boolean",
        StoredType.Text => "text",
        StoredType.Timestamp => "timestamp without time zone",
        StoredType.Date => "date",
        StoredType.Uuid => "uuid",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown stored type."),
    };

    /// <summary>The type of a column; texts are compared by their bytes, as in DuckDB.</summary>
    public static string Declaration(StoredType type) => type == StoredType.Text ? "text COLLATE \"C\"" : Name(type);

    /// <summary>The stored type of a column as the server names it.</summary>
    public static StoredType Parse(string name) =>
        Enum.GetValues<StoredType>().Where(t => Name(t) == name).Cast<StoredType?>().FirstOrDefault()
            ?? throw new StorageFailureException("The event store has a column of an unknown type; it was written by another version of Opaline.");

    /// <summary>Writes an event time.</summary>
    public static void WriteInstant(NpgsqlBinaryImporter importer, long unixMicros) => importer.Write(unixMicros - EpochMicros, NpgsqlDbType.Timestamp);

    /// <summary>Writes a value of a frame in the form that its column takes.</summary>
    public static void Write(NpgsqlBinaryImporter importer, StoredType type, object? value)
    {
        switch (type, value)
        {
            case (_, null):
                importer.WriteNull();
                break;
            case (StoredType.Timestamp, long micros):
                WriteInstant(importer, micros);
                break;
            case (StoredType.Date, int days):
                importer.Write(days - EpochDays, NpgsqlDbType.Date);
                break;
            case (StoredType.Int64, long number):
                importer.Write(number, NpgsqlDbType.Bigint);
                break;
            case (StoredType.Double, double number):
                importer.Write(number, NpgsqlDbType.Double);
                break;
            case (StoredType.Decimal, decimal number):
                importer.Write(number, NpgsqlDbType.Numeric);
                break;
            case (StoredType.Boolean, bool flag):
                importer.Write(flag, NpgsqlDbType.Boolean);
                break;
            case (StoredType.Text, string text):
                importer.Write(StoredText.Of(text), NpgsqlDbType.Text);
                break;
            case (StoredType.Uuid, Guid id):
                importer.Write(id, NpgsqlDbType.Uuid);
                break;
            default:
                throw new ArgumentException($"A column of type {type} does not hold values of {value.GetType().Name}.", nameof(value));
        }
    }

    /// <summary>A parameter of an aggregation, typed by its value.</summary>
    public static NpgsqlParameter Parameter(object value) => value switch
    {
        string text => new NpgsqlParameter { Value = StoredText.Of(text), NpgsqlDbType = NpgsqlDbType.Text },
        DateTime instant => new NpgsqlParameter { Value = UnixMicros.From(instant) - EpochMicros, NpgsqlDbType = NpgsqlDbType.Timestamp },
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>A value of a result as <see cref="IEventStore.AggregateAsync"/> promises it. Fractions never leave the engine: sums are integers.</summary>
    public static object? Result(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        // A numeric never goes through decimal, which is too small for a sum; one with a fraction is refused by the driver.
        return reader.GetPostgresType(column).Name == "numeric" ? reader.GetFieldValue<BigInteger>(column) : Result(reader.GetValue(column));
    }

    private static object Result(object value) => value switch
    {
        long or string or bool => value,
        short or int => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        DateTime instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        DateOnly date => date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        Guid id => id.ToString(),
        _ => throw new StorageFailureException("An aggregation returned a column that is neither an integer, a text, a boolean nor an instant."),
    };
}
