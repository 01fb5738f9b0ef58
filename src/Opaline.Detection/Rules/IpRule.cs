using System.Net;

namespace Opaline.Detection;

/// <summary>IPv4 addresses of four decimal parts and IPv6 addresses (RFC 4291, RFC 5952). Version numbers are kept out by their context.</summary>
internal static class IpRule
{
    private const int MaxSix = 45;

    public static void Find(Candidates found)
    {
        FindSix(found);
        FindFour(found);
    }

    private static void FindFour(Candidates found)
    {
        string text = found.Text;
        int start = NextDigit(text, 0);
        while (start >= 0)
        {
            int runEnd = start;
            while (runEnd < text.Length && (char.IsAsciiDigit(text[runEnd]) || text[runEnd] == '.'))
                runEnd++;
            // The full stop of a sentence is not part of the address.
            int end = runEnd;
            while (text[end - 1] == '.')
                end--;
            bool bounded = (start == 0 || !IsPartOfWord(text[start - 1])) && (end == text.Length || !IsPartOfWord(text[end]));
            if (bounded && IsFour(text.AsSpan(start, end - start)) && !TextContext.IsVersion(text, start))
                found.Add(PiiType.Ip, start, end - start, 0.95, "ip/v4");
            start = NextDigit(text, runEnd);
        }
    }

    private static bool IsFour(ReadOnlySpan<char> value)
    {
        if (value.Length is < 7 or > 15 || value.Count('.') != 3)
            return false;
        foreach (Range part in value.Split('.'))
        {
            ReadOnlySpan<char> digits = value[part];
            if (digits.Length is < 1 or > 3 || (digits.Length > 1 && digits[0] == '0'))
                return false;
            if (int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) > 255)
                return false;
        }
        return true;
    }

    private static void FindSix(Candidates found)
    {
        string text = found.Text;
        int at = 0;
        while (at < text.Length)
        {
            int colon = text.IndexOf(':', at);
            if (colon < 0)
                return;
            int start = colon;
            while (start > at && IsOfSix(text[start - 1]))
                start--;
            int end = colon;
            while (end < text.Length && IsOfSix(text[end]))
                end++;
            int next = end;
            // "at 2001:db8::1." and "2001:db8::1: unreachable": punctuation is not part of the address.
            while (end > colon && (text[end - 1] == '.' || (text[end - 1] == ':' && (end - start < 2 || text[end - 2] != ':'))))
                end--;
            bool bounded = (start == 0 || !IsPartOfWord(text[start - 1])) && (end == text.Length || !IsPartOfWord(text[end]));
            if (bounded && IsSix(text.AsSpan(start, end - start)))
                found.Add(PiiType.Ip, start, end - start, 0.95, "ip/v6");
            at = Math.Max(next, colon + 1);
        }
    }

    private static bool IsSix(ReadOnlySpan<char> value)
    {
        if (value.Length is < 3 or > MaxSix || value.Count(':') < 2 || value.IndexOfAnyInRange('0', '9') < 0)
            return false;
        int groups = 0;
        foreach (Range group in value.Split(':'))
            groups += value[group].IsEmpty ? 0 : 1;
        // "a::b" may be a name of a programming language; real addresses have more groups, a long first group, or start with "::".
        bool shaped = groups >= 3 || value.IndexOf(':') == 4 || value.StartsWith("::", StringComparison.Ordinal);
        return shaped && IPAddress.TryParse(value, out _);
    }

    private static bool IsOfSix(char c) => char.IsAsciiHexDigit(c) || c is ':' or '.';

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int NextDigit(string text, int from)
    {
        int next = text.AsSpan(from).IndexOfAnyInRange('0', '9');
        return next < 0 ? -1 : from + next;
    }
}
