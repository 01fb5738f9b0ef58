using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Through when the windows of a dataset are sealed, and by which field, beside the day, their rows were ranked.</summary>
/// <param name="Dimension">Number of that field; 0 for none.</param>
/// <param name="Through">Every window before it is sealed, UTC.</param>
internal sealed record OrdinalSeal(long Dimension, DateTime Through)
{
    /// <summary>Before the first sealing.</summary>
    public static OrdinalSeal None { get; } = new(0, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));

    /// <summary>The query whose one row, if any, is the seal of the dataset <c>$1</c>.</summary>
    public static string Select { get; } = $"SELECT dimension, sealed_through FROM {OrdinalTables.Seal} WHERE dataset_id = $1";

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
