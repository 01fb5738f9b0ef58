namespace Opaline.Detection;

/// <summary>What kind of personal data a finding is.</summary>
public enum PiiType
{
    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Ip,

    /// <summary>A payment card number: issuer range, length and Luhn check digit agree.</summary>
    Card,

    /// <summary>An IBAN: country, length and mod-97 check agree.</summary>
    Iban,
}
