namespace Opaline.Server.Configuration;

/// <summary>Where keys come from and what may be done with them.</summary>
internal sealed class KeysSection
{
    internal const string Local = "local";
    internal const string Aws = "aws";
    internal const string Google = "google";
    internal const string Azure = "azure";
    internal const string Vault = "vault";
    internal const string Pkcs11 = "pkcs11";

    /// <summary>Folder of the root key, the wrapped signing key and the first credentials; belongs outside the backups of the data folder.</summary>
    public string Folder { get; init; } = "keys";

    /// <summary>File with the passphrase that opens the root key; empty: <c>OPALINE_KEY_PASSPHRASE_FILE</c>, else on loopback a random key file.</summary>
    public string PassphraseFile { get; init; } = "";

    /// <summary>
    /// Where the root of all keys is, tokenization keys among them: <c>local</c>, the key file; <c>aws</c>, <c>google</c>, <c>azure</c>, <c>vault</c> (HashiCorp Vault, OpenBao) or
    /// <c>pkcs11</c>, as the section of that name says.
    /// </summary>
    public string TokenizationKeySource { get; init; } = Local;

    /// <summary>AWS KMS.</summary>
    public AwsKeySection AwsKms { get; init; } = new();

    /// <summary>Google Cloud KMS.</summary>
    public GoogleKeySection GoogleKms { get; init; } = new();

    /// <summary>Azure Key Vault.</summary>
    public AzureKeySection AzureKeyVault { get; init; } = new();

    /// <summary>A transit engine of HashiCorp Vault or OpenBao.</summary>
    public VaultKeySection VaultTransit { get; init; } = new();

    /// <summary>A PKCS#11 token.</summary>
    public Pkcs11KeySection Pkcs11Token { get; init; } = new();

    /// <summary>Days after which a tenant's keys are renewed; 0: only when it is asked for.</summary>
    public int RotateDays { get; init; } = 30;

    /// <summary>Days that tokens of older keys open; 0: for ever.</summary>
    public int OldTokenDays { get; init; } = 365;

    /// <summary>Days that older keys, then disabled, can be enabled again before they are destroyed; 0: for ever.</summary>
    public int DisabledDays { get; init; } = 30;

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
            PassphraseFile.Length == 0 || TokenizationKeySource == Local,
            nameof(PassphraseFile),
            "must be empty unless the key source is local: there is no key file to seal.");
        CheckSource(faults);
        faults.Within(RotateDays, 0, 3_650, nameof(RotateDays));
        faults.Within(OldTokenDays, 0, 36_500, nameof(OldTokenDays));
        faults.Within(DisabledDays, 0, 3_650, nameof(DisabledDays));
        faults.Require(
            !FormatPreserving, nameof(FormatPreserving), "must be false: format-preserving tokens are not supported by this version.");
        faults.Require(
            AdminOnlyDecryption, nameof(AdminOnlyDecryption), "must be true: no other role than Admin may be given the right to decrypt.");
    }

    /// <summary>A section is looked at where it is used.</summary>
    private void CheckSource(Faults faults)
    {
        switch (TokenizationKeySource)
        {
            case Local:
                break;
            case Aws:
                AwsKms.Check(faults.In(nameof(AwsKms)));
                break;
            case Google:
                GoogleKms.Check(faults.In(nameof(GoogleKms)));
                break;
            case Azure:
                AzureKeyVault.Check(faults.In(nameof(AzureKeyVault)));
                break;
            case Vault:
                VaultTransit.Check(faults.In(nameof(VaultTransit)));
                break;
            case Pkcs11:
                Pkcs11Token.Check(faults.In(nameof(Pkcs11Token)));
                break;
            default:
                faults.Add(nameof(TokenizationKeySource), $"must be {Local}, {Aws}, {Google}, {Azure}, {Vault} or {Pkcs11}.");
                break;
        }
    }
}
