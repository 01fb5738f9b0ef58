using System.Buffers;

namespace Opaline.Ingestion;

/// <summary>
/// The form of an action. Actions name metrics, so only short plain words are kept: a client that puts something else there (a page title,
/// a person) must not make of it a column of open text. How many there are is not limited: whether a row keeps its action may depend on
/// that row alone, or one person's rows would decide what the rows of others count for.
/// </summary>
internal static class ActionNames
{
    /// <summary>Longest action that is kept.</summary>
    public const int Longest = 64;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/-"u8);

    /// <summary>Whether it has the form of an action.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> utf8) => utf8.Length is > 0 and <= Longest && utf8.IndexOfAnyExcept(Allowed) < 0;
}
