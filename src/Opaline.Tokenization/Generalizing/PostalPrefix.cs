namespace Opaline.Tokenization;

/// <summary>The first digits of a US ZIP code or ZIP+4.</summary>
internal static class PostalPrefix
{
    public static string? Zip3(string value)
    {
        ReadOnlySpan<char> zip = value.AsSpan().Trim();
        bool plusFour = zip.Length == 10 && zip[5] == '-' && IsDigits(zip[6..]);
        return (zip.Length == 5 || plusFour) && IsDigits(zip[..5]) ? zip[..3].ToString() : null;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}
