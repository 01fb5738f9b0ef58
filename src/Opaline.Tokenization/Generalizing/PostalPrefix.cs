using System.Collections.Frozen;

namespace Opaline.Tokenization;

/// <summary>
/// The first three digits of a US ZIP code or ZIP+4, or 000 where all ZIP codes that begin with them have 20,000 inhabitants or fewer
/// (HIPAA Privacy Rule, 45 CFR 164.514(b)(2)(i)(B)).
/// </summary>
internal static class PostalPrefix
{
    /// <summary>
    /// The 17 such areas of Census 2000, as listed by the Office for Civil Rights, HHS: "Guidance Regarding Methods for De-identification of
    /// Protected Health Information in Accordance with the HIPAA Privacy Rule", 26 November 2012.
    /// </summary>
    private static readonly FrozenSet<string> Sparse = FrozenSet.Create(
        StringComparer.Ordinal,
        "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893");

    public static string? Zip3(string value)
    {
        ReadOnlySpan<char> zip = value.AsSpan().Trim();
        bool plusFour = zip.Length == 10 && zip[5] == '-' && IsDigits(zip[6..]);
        if ((zip.Length != 5 && !plusFour) || !IsDigits(zip[..5]))
            return null;
        string area = zip[..3].ToString();
        return Sparse.Contains(area) ? "000" : area;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}
