namespace Opaline.TokenVault;

/// <summary>What the operator declares about copies of the data.</summary>
public sealed class ErasureOptions
{
    /// <summary>
    /// Days after which no backup of the data, and no log or dead page of a database server, is left; 0 if there are none. An erasure keeps what was declared when it was asked for.
    /// </summary>
    public int BackupDays { get; set; } = 30;
}
