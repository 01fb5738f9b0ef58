using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// Keeps some characters and replaces the rest by three stars, whatever its length. A value with no more characters than would be kept
/// is replaced as a whole: else short values would be stored as they came.
/// </summary>
internal static class PartialMask
{
    private const string Mask = "***";

    public static string KeepFirst(string value, int count)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(value);
        return starts.Length <= count ? Mask : string.Concat(value.AsSpan(0, starts[count]), Mask);
    }

    public static string KeepLast(string value, int count)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(value);
        return starts.Length <= count ? Mask : string.Concat(Mask, value.AsSpan(starts[^count]));
    }

    public static string KeepEnds(string value, int first, int last)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(value);
        return starts.Length <= first + last ? Mask : string.Concat(value.AsSpan(0, starts[first]), Mask, value.AsSpan(starts[^last]));
    }
}
