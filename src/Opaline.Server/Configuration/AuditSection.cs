namespace Opaline.Server.Configuration;

/// <summary>How long the log is kept and whether it can be changed.</summary>
internal sealed class AuditSection
{
    /// <summary>Days a record is kept; seven years unless configured.</summary>
    public int RetentionDays { get; init; } = 2555;

    /// <summary>Whether no record may ever be deleted, whatever its age. Once a store has been opened so, it stays so.</summary>
    public bool ImmutableLog { get; init; }

    internal void Check(Faults faults) => faults.Within(RetentionDays, 1, 36_500, nameof(RetentionDays));
}
