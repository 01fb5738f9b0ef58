namespace Opaline.Client.Linq;

/// <summary>Periods and buckets as keys. They are never run: they stand in expression trees only.</summary>
public static class Row
{
    /// <summary>The hour of the dataset's time.</summary>
    public static DateTimeOffset Hour(DateTimeOffset time) => throw NeverRun(time);

    /// <summary>The day of the dataset's time.</summary>
    public static DateTimeOffset Day(DateTimeOffset time) => throw NeverRun(time);

    /// <summary>The ISO week of the dataset's time.</summary>
    public static DateTimeOffset Week(DateTimeOffset time) => throw NeverRun(time);

    /// <summary>The month of the dataset's time.</summary>
    public static DateTimeOffset Month(DateTimeOffset time) => throw NeverRun(time);

    /// <summary>The start of the bucket of that width that the number falls into.</summary>
    public static decimal Bucket(decimal number, decimal width) => throw NeverRun((number, width));

    private static NotSupportedException NeverRun(object argument) =>
        new($"A question is not run on the client ({argument.GetType().Name}): use this inside of Where, GroupBy or a measure.");
}
