using System.Collections.Frozen;

namespace Opaline.Detection;

/// <summary>What stands around a candidate and says that it is, or is not, what its shape says.</summary>
internal static class TextContext
{
    private const int Window = 24;
    private const int Words = 3;

    private static readonly FrozenSet<string> VersionWords = Set("v", "version", "ver", "build", "release", "firmware", "revision", "rev", "rv");

    /// <summary>What user agents put before a slash and a version of four parts. Not any word: <c>Contributions/192.0.2.1</c> is an address.</summary>
    private static readonly FrozenSet<string> Products = Set(
        "chrome", "chromium", "headlesschrome", "crios", "firefox", "fxios", "safari", "edg", "edga", "edge", "edgios", "opr", "opera", "version",
        "applewebkit", "webkit", "gecko", "mozilla", "trident", "vivaldi", "brave", "yabrowser", "ucbrowser", "samsungbrowser", "electron", "curl",
        "wget", "python", "java", "okhttp", "dalvik", "node", "whale", "silk", "instagram", "fban", "fbav");

    private static readonly FrozenSet<string> NumberWords = Set(
        "order", "invoice", "ticket", "tracking", "shipment", "ref", "reference", "sku", "serial", "isbn", "ean", "upc", "barcode", "imei",
        "transaction", "trace", "span", "request", "session", "timestamp", "epoch", "uuid", "guid", "hash", "checksum", "case", "batch", "lot", "version",
        "build", "id");

    private static readonly FrozenSet<string> PhoneWords = Set(
        "phone", "telephone", "tel", "mobile", "cell", "fax", "call", "whatsapp", "sms", "text", "dial", "ring", "telefon", "handy", "movil",
        "téléphone", "telefono", "teléfono");

    private static readonly FrozenSet<string> CardWords = Set("card", "credit", "debit", "visa", "mastercard", "amex", "pan", "cc", "maestro");

    /// <summary>Whether the word before says that the number is a version: <c>version 1.2.3.4</c>, <c>Chrome/98.0.12.4</c>.</summary>
    public static bool IsVersion(string text, int start)
    {
        bool product = start > 0 && text[start - 1] == '/';
        return WordsBefore(text, start, 1, product ? Products : VersionWords);
    }

    /// <summary>Whether a word before says that the number is some other number, and none says that it is of the type.</summary>
    public static bool IsOtherNumber(string text, int start, PiiType type)
    {
        FrozenSet<string> forItself = type == PiiType.Card ? CardWords : PhoneWords;
        return WordsBefore(text, start, Words, NumberWords) && !WordsBefore(text, start, Words, forItself);
    }

    /// <summary>Whether a word before announces a telephone number.</summary>
    public static bool AnnouncesPhone(string text, int start) =>
        WordsBefore(text, start, Words, PhoneWords) && !WordsBefore(text, start, Words, NumberWords);

    /// <summary>Whether digits and punctuation are a date (and perhaps a time): <c>2024-01-15 10</c>, <c>15.01.2024</c>.</summary>
    public static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text.Length < 8 || !char.IsAsciiDigit(text[0]))
            return false;
        bool yearFirst = text.Length >= 10 && IsCentury(text) && IsDateMark(text[4]) && text[7] == text[4];
        bool yearLast = text.Length >= 10 && IsDateMark(text[2]) && text[5] == text[2] && IsCentury(text[6..]);
        return yearFirst || yearLast;
    }

    /// <summary>Whether digits and punctuation are one number with a decimal point.</summary>
    public static bool IsDecimal(ReadOnlySpan<char> text)
    {
        int point = text.IndexOf('.');
        return point > 0 && text[..point].IndexOfAnyExceptInRange('0', '9') < 0 && text[(point + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsCentury(ReadOnlySpan<char> text) => text.StartsWith("19", StringComparison.Ordinal) || text.StartsWith("20", StringComparison.Ordinal);

    private static bool IsDateMark(char c) => c is '-' or '/' or '.';

    /// <summary>Whether one of the last words before the position, on the same line and in the same sentence, is in the set.</summary>
    private static bool WordsBefore(string text, int start, int most, FrozenSet<string> set)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words = set.GetAlternateLookup<ReadOnlySpan<char>>();
        int at = start;
        int limit = Math.Max(0, start - Window);
        for (int seen = 0; seen < most; seen++)
        {
            while (at > limit && !char.IsLetter(text[at - 1]))
            {
                if (text[at - 1] is '\n' or ';' || char.IsDigit(text[at - 1]))
                    return false;
                at--;
            }
            int end = at;
            while (at > limit && char.IsLetter(text[at - 1]))
                at--;
            if (at == end)
                return false;
            if (words.Contains(text.AsSpan(at, end - at)))
                return true;
        }
        return false;
    }

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
