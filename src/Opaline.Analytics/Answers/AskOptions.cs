namespace Opaline.Analytics;

/// <summary>How an answer may be found.</summary>
/// <param name="Fresh">Ask for a new, charged release whatever was released before.</param>
/// <param name="MaxAge">How old a release of the identical plan may be to be given again at no cost; null for the dataset's.</param>
public sealed record AskOptions(bool Fresh = false, TimeSpan? MaxAge = null)
{
    /// <summary>Replay within the dataset's age.</summary>
    public static AskOptions Default { get; } = new();
}
