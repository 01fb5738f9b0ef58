namespace Opaline.Tokenization;

/// <summary>What the values of a field are. It decides their canonical spelling and how many of them there can be.</summary>
public enum ValueKind
{
    /// <summary>E-mail addresses.</summary>
    Email,

    /// <summary>Telephone numbers.</summary>
    Phone,

    /// <summary>Names of people.</summary>
    Name,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>Payment card numbers.</summary>
    Card,

    /// <summary>National identification numbers of digits.</summary>
    NationalId,

    /// <summary>UUIDs.</summary>
    Uuid,

    /// <summary>64-bit signed integers.</summary>
    Integer,

    /// <summary>IPv4 and IPv6 addresses.</summary>
    Ip,

    /// <summary>Texts over a declared alphabet.</summary>
    Template,

    /// <summary>Calendar dates, dates of birth among them.</summary>
    Date,

    /// <summary>US ZIP codes.</summary>
    PostalCode,

    /// <summary>Genders.</summary>
    Gender,

    /// <summary>Countries.</summary>
    Country,

    /// <summary>True or false.</summary>
    Boolean,
}
