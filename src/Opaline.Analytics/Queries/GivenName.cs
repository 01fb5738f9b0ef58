namespace Opaline.Analytics;

/// <summary>A name that a question gives to a key, a measure, a step or a column.</summary>
internal static class GivenName
{
    public const int MaxLength = 64;

    public static bool IsGood(string name) => name.Length is > 0 and <= MaxLength && !name.Any(char.IsControl);

    /// <summary>The name, if it is good.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">Path of what it is given to.</param>
    /// <exception cref="QueryRefusedException">It is empty, too long, or has a control character.</exception>
    public static string Check(string name, string path) => IsGood(name) ? name : throw new QueryRefusedException(
        RefusalCodes.InvalidQuery, $"A name has 1 to {MaxLength} characters, none of them a control character.", path + ".name");
}
