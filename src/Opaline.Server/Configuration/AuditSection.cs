namespace Opaline.Server.Configuration;

/// <summary>How long the log is kept and whether it can be changed.</summary>
internal sealed class AuditSection
{
    /// <summary>Days a record is kept; seven years unless configured.</summary>
    public int RetentionDays { get; init; } = 2555;

    /// <summary>Whether the database itself refuses to delete a record.</summary>
    public bool ImmutableLog { get; init; } = true;

    internal void Check(Faults faults) => faults.Within(RetentionDays, 1, 36_500, nameof(RetentionDays));
}
