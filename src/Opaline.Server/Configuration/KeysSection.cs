namespace Opaline.Server.Configuration;

/// <summary>Where keys come from and what may be done with them.</summary>
internal sealed class KeysSection
{
    /// <summary>Folder of the root key, the sealed signing key and the first credentials; belongs outside the backups of the data folder.</summary>
    public string Folder { get; init; } = "keys";

    /// <summary>File with the passphrase that opens the root key; empty: <c>OPALINE_KEY_PASSPHRASE_FILE</c>, else on loopback a random key file.</summary>
    public string PassphraseFile { get; init; } = "";

    /// <summary>Where tokenization keys come from: <c>local</c>, the hierarchy under the root key.</summary>
    public string TokenizationKeySource { get; init; } = "local";

    /// <summary>Tokens that keep the format of what they stand for.</summary>
    public bool FormatPreserving { get; init; }

    /// <summary>Only an Admin may ever see a sealed value.</summary>
    public bool AdminOnlyDecryption { get; init; } = true;

    internal void Check(Faults faults)
    {
        faults.Require(!string.IsNullOrWhiteSpace(Folder), nameof(Folder), "must name a folder, such as keys.");
        faults.Require(
            PassphraseFile.Length == 0 || File.Exists(PassphraseFile), nameof(PassphraseFile), "names a file that is not there or may not be read.");
        faults.Require(
            TokenizationKeySource == "local",
            nameof(TokenizationKeySource),
            "must be local: this version keeps its keys under its own root key; outside key services come later.");
        faults.Require(
            !FormatPreserving, nameof(FormatPreserving), "must be false: format-preserving tokens are not supported by this version.");
        faults.Require(
            AdminOnlyDecryption, nameof(AdminOnlyDecryption), "must be true: no other role than Admin may be given the right to decrypt.");
    }
}
