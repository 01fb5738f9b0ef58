namespace Opaline.Client;

/// <summary>Which release answers a question.</summary>
/// <param name="Fresh">Whether to ask for a new, charged release even if one is young enough.</param>
/// <param name="MaxAge">How old a release of the identical plan may be to be given again at no cost, in whole seconds, rounded down; null: as old as the dataset says.</param>
public sealed record AskOptions(bool Fresh = false, TimeSpan? MaxAge = null)
{
    // A dataset's own age is a day or so; the server counts in 32 bits.
    internal int? MaxAgeSeconds => MaxAge is not { } age
        ? null
        : age >= TimeSpan.Zero && age.TotalSeconds <= int.MaxValue
            ? (int)Math.Floor(age.TotalSeconds)
            : throw new ArgumentOutOfRangeException(nameof(MaxAge), age, "An age is at least 0 and at most 2^31 - 1 seconds.");
}
