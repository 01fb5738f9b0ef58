namespace Opaline.Catalog;

/// <summary>The type of a column in the event store.</summary>
public enum StoredType
{
    /// <summary>64-bit signed integer, dictionary ids included.</summary>
    Int64,

    /// <summary>IEEE double.</summary>
    Double,

    /// <summary>Decimal of 18 digits, 6 after the point.</summary>
    Decimal,

    /// <summary>Boolean.</summary>
    Boolean,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>128-bit id.</summary>
    Uuid,
}
