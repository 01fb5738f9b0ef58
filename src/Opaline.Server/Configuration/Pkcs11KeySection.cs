namespace Opaline.Server.Configuration;

/// <summary>Which key of a PKCS#11 token is the root key.</summary>
internal sealed class Pkcs11KeySection
{
    /// <summary>Path of the vendor's library.</summary>
    public string Library { get; init; } = "";

    /// <summary>Label of the token.</summary>
    public string Token { get; init; } = "";

    /// <summary>Label of the key.</summary>
    public string Key { get; init; } = "";

    /// <summary>File with the user's PIN.</summary>
    public string PinFile { get; init; } = "";

    internal void Check(Faults faults)
    {
        faults.Require(File.Exists(Library), nameof(Library), "must name the vendor's library.");
        faults.Require(Token.Length is > 0 and <= 32, nameof(Token), "must be the label of a token.");
        faults.Require(Key.Length > 0, nameof(Key), "must be the label of a key.");
        faults.Require(File.Exists(PinFile), nameof(PinFile), "must name a file with the PIN.");
    }
}
