namespace Opaline.Tokenization;

/// <summary>National identification numbers: their spelling, and the one class that their tokens keep.</summary>
internal static class NationalId
{
    /// <summary>How many US social security numbers could be issued.</summary>
    public const int IssuableSsns = 898 * 99 * 9_999;

    private const int SsnLength = 9;

    /// <summary>
    /// Whether whole US social security numbers are hidden. Then one that could have been issued becomes another such number, and any other one that
    /// could not.
    /// </summary>
    public static bool IsSsn(TokenFormat format) =>
        format is { Country: "US", KeepPrefix: 0, KeepSuffix: 0, MinLength: SsnLength, MaxLength: SsnLength, Luhn: false };

    /// <summary>
    /// Area, group and serial number are never zero, and no area is 666 or above 899 (Social Security Administration, "Social Security Number
    /// Randomization", 2011).
    /// </summary>
    public static bool IsIssuableSsn(ReadOnlySpan<ushort> digits)
    {
        int area = (100 * digits[0]) + (10 * digits[1]) + digits[2];
        return area is > 0 and < 900 and not 666
            && digits[3] + digits[4] > 0
            && digits[5] + digits[6] + digits[7] + digits[8] > 0;
    }

    /// <summary>The digits without blanks, hyphens, dots and slashes, or null if anything else stands in it.</summary>
    public static string? Canonical(string value)
    {
        if (value.Length > TemplateCipher.LongestText)
            return null;
        Span<char> digits = stackalloc char[TemplateShape.LongestLength];
        int count = 0;
        foreach (char c in value)
        {
            if (char.IsAsciiDigit(c) && count < digits.Length)
                digits[count++] = c;
            else if (c is not (' ' or '-' or '.' or '/' or '\u00A0'))
                return null;
        }
        return count == 0 ? null : digits[..count].ToString();
    }
}
