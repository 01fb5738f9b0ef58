namespace Opaline.Storage;

/// <summary>
/// What sealing remembers, beside the event tables and in their transaction: per dataset its secret, by which field it ranks and how far it is sealed; per canonical
/// group whose rows were deleted, the highest ordinals that they had, so that none is given twice.
/// </summary>
public static class OrdinalTables
{
    /// <summary>
    /// One row per dataset: the secret that orders groups, the number of the field that makes them (0 for the day alone), and the instant (microseconds
    /// since 1970) and LSN through which rows are ranked.
    /// </summary>
    public const string Seal = "ordinal_seal";

    /// <summary>Marks of deleted rows. The group is named by its keyed hash, which tells nothing without the secret.</summary>
    public const string Mark = "ordinal_mark";

    /// <summary>Statements that create what is missing, alike in every engine.</summary>
    public static IReadOnlyList<string> Create { get; } =
    [
        $"""
        CREATE TABLE IF NOT EXISTS {Seal} (
            dataset_id BIGINT PRIMARY KEY, prf_key TEXT NOT NULL, dimension BIGINT NOT NULL, sealed_through BIGINT NOT NULL, applied_lsn BIGINT NOT NULL)
        """,
        $"""
        CREATE TABLE IF NOT EXISTS {Mark} (
            dataset_id BIGINT NOT NULL, {EventTable.Subject} BIGINT NOT NULL, window_start BIGINT NOT NULL, group_hash TEXT NOT NULL,
            {EventTable.RowInWindow} INTEGER NOT NULL, {EventTable.GroupInWindow} INTEGER NOT NULL, {EventTable.RowInGroup} INTEGER NOT NULL)
        """,
    ];
}
