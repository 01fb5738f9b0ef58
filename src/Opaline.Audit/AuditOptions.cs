namespace Opaline.Audit;

/// <summary>How long the log is kept.</summary>
public sealed class AuditOptions
{
    /// <summary>Days a record is kept; seven years by default.</summary>
    public int RetentionDays { get; set; } = 2_555;

    /// <summary>Whether no record may ever be deleted. Once a store has been opened so, it stays so.</summary>
    public bool ImmutableLog { get; set; }
}
