using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Through when the windows of a dataset are sealed, and by which field, beside the day, their rows were ranked.</summary>
/// <param name="Dimension">Number of that field; 0 for none.</param>
/// <param name="Through">Every window before it is sealed, UTC.</param>
internal sealed record OrdinalSeal(long Dimension, DateTime Through)
{
    /// <summary>The table, in the transaction of the event tables' own.</summary>
    public const string Table = "ordinal_seal";

    /// <summary>
    /// Makes the table, in every engine alike, if it is missing: one row per dataset with the secret that orders its groups, the number of the field that makes
    /// them (0 for the day alone), and the instant (microseconds since 1970) and LSN through which rows are ranked.
    /// </summary>
    public const string Create =
        $"""
        CREATE TABLE IF NOT EXISTS {Table} (
            dataset_id BIGINT PRIMARY KEY, prf_key TEXT NOT NULL, dimension BIGINT NOT NULL, sealed_through BIGINT NOT NULL, applied_lsn BIGINT NOT NULL)
        """;

    /// <summary>Before the first sealing.</summary>
    public static OrdinalSeal None { get; } = new(0, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));

    /// <summary>The query whose one row, if any, is the seal of the dataset <c>$1</c>.</summary>
    public static string Select { get; } = $"SELECT dimension, sealed_through FROM {Table} WHERE dataset_id = $1";

    /// <summary>The seal of what <see cref="Select"/> gave.</summary>
    public static OrdinalSeal Of(IReadOnlyList<object?[]> rows) =>
        rows is [[long dimension, long through]] ? new OrdinalSeal(dimension, UnixMicros.ToDateTime(through)) : None;

    /// <summary>The number of the field by which the dataset ranks now; 0 for none.</summary>
    public static long DimensionOf(Dataset dataset) => dataset.CanonicalDimension?.Id ?? 0;

    /// <summary>
    /// Through when the windows of the dataset as it is now are sealed. Ranks by another field than its present one bound nothing that is asked by the
    /// present one, so then no window is.
    /// </summary>
    public DateTime ThroughOf(Dataset dataset) => Dimension == DimensionOf(dataset) ? Through : None.Through;
}
