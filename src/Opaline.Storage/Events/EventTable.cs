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

    /// <summary>The row's sealed fields: one AES-256-GCM blob under the subject's key, or null.</summary>
    public const string Sealed = "sealed";

    private const int RowBits = 24;

    /// <summary>The sequence of a row: it depends on the frame that brought it alone, so that settling a frame again gives the same.</summary>
    /// <param name="lsn">The frame's LSN.</param>
    /// <param name="index">Place of the row in its frame, from 0.</param>
    public static long Sequence(long lsn, int index) => index < 1 << RowBits
        ? checked((lsn << RowBits) + index)
        : throw new ArgumentOutOfRangeException(nameof(index), "A frame has fewer rows.");

    /// <summary>The dataset's table.</summary>
    public static string Name(Dataset dataset) => Name(dataset.Id);

    /// <summary>The table of the dataset of that number.</summary>
    public static string Name(long datasetId) => string.Create(CultureInfo.InvariantCulture, $"dataset_{datasetId}");

    /// <summary>The field's column; subject and time have columns of their own.</summary>
    public static string Column(Field field) => field.Role switch
    {
        FieldRole.Subject => Subject,
        FieldRole.Time => Time,
        _ => Column(field.Id),
    };

    /// <summary>The column of the field of that number.</summary>
    public static string Column(long fieldId) => string.Create(CultureInfo.InvariantCulture, $"field_{fieldId}");
}
