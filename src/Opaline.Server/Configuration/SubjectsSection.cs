namespace Opaline.Server.Configuration;

/// <summary>What may be revealed about people, and how long copies of erased ones may last.</summary>
internal sealed class SubjectsSection
{
    /// <summary>Values that one caller may ask for in any hour; an export counts as one.</summary>
    public int RevealsPerHour { get; init; } = 100;

    /// <summary>Values of one call.</summary>
    public int RevealBatch { get; init; } = 100;

    /// <summary>Days after which no backup of the data is left; stands in receipts of erasures.</summary>
    public int BackupDays { get; init; } = 30;

    internal void Check(Faults faults)
    {
        faults.Within(RevealsPerHour, 1, 1_000_000, nameof(RevealsPerHour));
        faults.Within(RevealBatch, 1, 1_000, nameof(RevealBatch));
        faults.Within(BackupDays, 0, 3_650, nameof(BackupDays));
    }
}
