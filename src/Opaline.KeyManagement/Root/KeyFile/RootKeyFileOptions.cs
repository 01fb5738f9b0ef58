namespace Opaline.KeyManagement;

/// <summary>Where the key file lies and how it is sealed.</summary>
public sealed class RootKeyFileOptions
{
    /// <summary>The folder of <c>root.key</c>: beside the data folder, never inside it or in its backups.</summary>
    public string Folder { get; set; } = "keys";

    /// <summary>A file whose content (without a final line break) is the passphrase that seals the root key; null for none.</summary>
    public string? PassphraseFile { get; set; }

    /// <summary>Whether the server is bound to loopback only. Elsewhere an unsealed root key is refused.</summary>
    public bool LoopbackOnly { get; set; } = true;
}
