namespace Opaline.Catalog;

/// <summary>The type of a field's values before treatment.</summary>
public enum FieldType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A 64-bit signed integer.</summary>
    Int64,

    /// <summary>A decimal with at most 18 digits, 6 of them after the point.</summary>
    Decimal,

    /// <summary>A finite IEEE double.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An RFC 3339 instant.</summary>
    Timestamp,

    /// <summary>A calendar date.</summary>
    Date,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Ip,
}
