using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// Names of event tables and columns. They are made of numbers only, so that no name that a client chose ever stands in SQL.
/// </summary>
public static class EventTable
{
    /// <summary>128-bit key that makes a row exactly-once.</summary>
    public const string EventKey = "event_key";

    /// <summary>64-bit dictionary id of the subject.</summary>
    public const string Subject = "subject";

    /// <summary>Event time, UTC, microseconds.</summary>
    public const string Time = "event_time";

    /// <summary>LSN of the inbox frame that brought the row: what a tick makes visible.</summary>
    public const string Lsn = "lsn";

    /// <summary>Sequence of the row: strictly increasing in the order in which rows came, unique in the table.</summary>
    public const string Seq = "seq";

    /// <summary>Ordinal of the row among those of its subject in its window, from 1; null until the window is sealed.</summary>
    public const string RowInWindow = "row_in_window";

    /// <summary>Ordinal of the row's canonical group among those of its subject in its window, from 1; null until the window is sealed.</summary>
    public const string GroupInWindow = "group_in_window";

    /// <summary>Ordinal of the row among those of its subject in its canonical group, from 1; null until the window is sealed.</summary>
    public const string RowInGroup = "row_in_group";

    /// <summary>Where ordinals saturate: they are INTEGER columns. A filter at or above it would keep rows that it must not.</summary>
    public const int LastOrdinal = int.MaxValue;

    /// <summary>The row's sealed fields: one AES-256-GCM blob under the subject's key, or null.</summary>
    public const string Sealed = "sealed";

    private const int RowBits = 24;
    private const string TablePrefix = "dataset_";
    private const string ColumnPrefix = "field_";

    /// <summary>The sequence of a row: it depends on the frame that brought it alone, so that settling a frame again gives the same.</summary>
    /// <param name="lsn">The frame's LSN.</param>
    /// <param name="index">Place of the row in its frame, from 0.</param>
    public static long Sequence(long lsn, int index) => index < 1 << RowBits
        ? checked((lsn << RowBits) + index)
        : throw new ArgumentOutOfRangeException(nameof(index), "A frame has fewer rows.");

    /// <summary>The dataset's table.</summary>
    public static string Name(Dataset dataset) => Name(dataset.Id);

    /// <summary>The table of the dataset of that number.</summary>
    public static string Name(long datasetId) => string.Create(CultureInfo.InvariantCulture, $"{TablePrefix}{datasetId}");

    /// <summary>The number of the dataset whose table has this name; null if none has.</summary>
    public static long? DatasetOf(string table) => Numbered(table, TablePrefix);

    /// <summary>The field's column; subject and time have columns of their own.</summary>
    public static string Column(Field field) => field.Role switch
    {
        FieldRole.Subject => Subject,
        FieldRole.Time => Time,
        _ => Column(field.Id),
    };

    /// <summary>The column of the field of that number.</summary>
    public static string Column(long fieldId) => string.Create(CultureInfo.InvariantCulture, $"{ColumnPrefix}{fieldId}");

    /// <summary>The number of the field whose column has this name; null if none has.</summary>
    public static long? FieldOf(string column) => Numbered(column, ColumnPrefix);

    /// <summary>The columns that the dataset's fields have of their own.</summary>
    public static IEnumerable<FrameColumn> Columns(Dataset dataset) =>
        dataset.Fields.Where(f => f.HasColumn).Select(f => new FrameColumn(f.Id, f.Stored!.Value));

    /// <summary>
    /// Those of a table's fields whose columns go, as the dataset has them no longer. A higher number than any of the dataset's fields came with a newer state of it
    /// and stays, so that a caller with an older one does no harm.
    /// </summary>
    public static IReadOnlyList<long> Retired(Dataset dataset, IEnumerable<long> fields)
    {
        long newest = dataset.Fields.Max(f => f.Id);
        HashSet<long> stored = [.. dataset.Fields.Where(f => f.Stored is not null).Select(f => f.Id)];
        return [.. fields.Where(f => f < newest && !stored.Contains(f))];
    }

    private static long? Numbered(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
