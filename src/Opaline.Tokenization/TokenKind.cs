namespace Opaline.Tokenization;

/// <summary>The kind of a value. It decides which spellings are the same value.</summary>
public enum TokenKind
{
    /// <summary>An identifier of a person. One that looks like an e-mail address is compared as one; any other exactly, case included.</summary>
    Identifier,

    /// <summary>A name or other text: compared without regard to case and compatibility forms.</summary>
    Text,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number: compared by its digits.</summary>
    Phone,

    /// <summary>An IP address: compared as an address.</summary>
    Ip,

    /// <summary>A payment card number: compared by its digits.</summary>
    Card,

    /// <summary>An IBAN: compared without spaces, in upper case.</summary>
    Iban,
}
