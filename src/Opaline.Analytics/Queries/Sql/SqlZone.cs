namespace Opaline.Analytics;

/// <summary>The zone of a question, which has one: what AT TIME ZONE says, else the request.</summary>
internal sealed class SqlZone(string? requested)
{
    /// <summary>The zone, or null for the dataset's.</summary>
    public string? Zone { get; private set; } = requested;

    /// <summary>Notes what AT TIME ZONE says.</summary>
    public void Name(string zone, SqlNode node)
    {
        if (Zone is not null && Zone != zone)
            throw node.Refuse(RefusalCodes.UnknownTimeZone, "A question has one time zone, and this is a second one.");
        Zone = zone;
    }
}
