using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.LoadTest.Aggregations;

/// <summary>Made-up visits of three months: who comes how often is skewed a little, and so is what they do.</summary>
internal static class Visits
{
    public const int Actions = 20;

    private const int RowsPerFrame = 100_000;
    private const int LargestAmount = 600;

    private static readonly DateTime From = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime To = new(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly ImmutableArray<string> Names = [.. Enumerable.Range(0, Actions).Select(i => string.Create(CultureInfo.InvariantCulture, $"action_{i:00}"))];

    /// <summary>A tenant of its own: the default one has another dataset of this name already.</summary>
    public static Tenant Owner { get; } = new("visits");

    public static DatasetDeclaration Declaration { get; } = new(
        Owner,
        EventsDataset.Name,
        "user",
        "UTC",
        PrivacyUnit.SubjectPerMonth,
        new TimeRange(From, To),
        EventsDataset.Bounds,
        TimeSpan.FromDays(1),
        [
            new("user_id", FieldType.String, FieldRole.Subject, Confirmed, new Treatment(TreatmentKind.Tokenize)),
            new("timestamp", FieldType.Timestamp, FieldRole.Time, Confirmed, Keep),
            new("action", FieldType.String, FieldRole.Dimension, Confirmed, Keep, Names),
            new("amount", FieldType.Int64, FieldRole.Measure, Confirmed, Keep, null, new MeasureBounds(0, 500, 1)),
        ]);

    private static Classification Confirmed => new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    private static Treatment Keep => new(TreatmentKind.Keep);

    /// <summary>The frames of so many rows of so many subjects; the same ones each time.</summary>
    public static IEnumerable<InboxFrame> Frames(Dataset dataset, int rows, int subjects)
    {
        FrameColumn[] columns = [.. ((string[])["action", "amount"]).Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value))];
        Random random = new(20260101);
        long lsn = 0;
        for (int made = 0; made < rows; made += RowsPerFrame)
        {
            ProtectedRow[] some = [.. Enumerable.Range(made, Math.Min(RowsPerFrame, rows - made)).Select(i => Row(random, i, subjects))];
            yield return new InboxFrame(++lsn, dataset.Id, RowFrame.Write(columns, some));
        }
    }

    private static ProtectedRow Row(Random random, int number, int subjects)
    {
        long subject = 1 + (long)(subjects * Math.Pow(random.NextDouble(), 1.3));
        DateTime time = From.AddSeconds(random.NextDouble() * (To - From).TotalSeconds);
        string action = Names[(int)(Actions * Math.Pow(random.NextDouble(), 2))];
        return new ProtectedRow(new Guid(number, 0, 0, new byte[8]), subject, UnixMicros.From(time), [action, (long)random.Next(LargestAmount)], null);
    }
}
