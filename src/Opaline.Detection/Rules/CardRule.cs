namespace Opaline.Detection;

/// <summary>
/// Payment card numbers: an issuer's range, its lengths, and the Luhn check (ISO/IEC 7812). Without separators, or in the groups that
/// cards are printed in. One random number of 16 digits in ten passes Luhn, so context can forbid it.
/// </summary>
internal static class CardRule
{
    private const int MinDigits = 12;
    private const int MaxDigits = 19;
    private const int MaxGroups = 5;

    public static void Find(Candidates found)
    {
        string text = found.Text;
        Span<char> digits = stackalloc char[MaxDigits];
        Span<int> ends = stackalloc int[MaxGroups];
        int start = NextDigit(text, 0);
        while (start >= 0)
        {
            int groupEnd = start;
            while (groupEnd < text.Length && char.IsAsciiDigit(text[groupEnd]))
                groupEnd++;
            if (IsBoundary(text, start) && FindAt(text, start, digits, ends, out int end) && !TextContext.IsOtherNumber(text, start, PiiType.Card))
            {
                found.Add(PiiType.Card, start, end - start, 0.99, "card/luhn");
                groupEnd = end;
            }
            start = NextDigit(text, groupEnd);
        }
    }

    private static bool FindAt(string text, int start, Span<char> digits, Span<int> ends, out int end)
    {
        Span<int> lengths = stackalloc int[MaxGroups];
        int groups = 0;
        int count = 0;
        int at = start;
        char separator = '\0';
        while (groups < MaxGroups)
        {
            int from = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]) && count < MaxDigits)
                digits[count++] = text[at++];
            if (at == from || (at < text.Length && char.IsAsciiDigit(text[at])))
                break;
            lengths[groups] = at - from;
            ends[groups++] = at;
            bool joined = at + 1 < text.Length && text[at] is ' ' or '-' && char.IsAsciiDigit(text[at + 1]);
            if (!joined || (separator != '\0' && text[at] != separator))
                break;
            separator = text[at++];
        }
        // A security code or a year may follow the number as one more group.
        for (int used = groups; used > 0; used--)
        {
            end = ends[used - 1];
            int total = 0;
            foreach (int length in lengths[..used])
                total += length;
            if (IsPrinted(lengths[..used]) && EndsHere(text, end) && IsIssued(digits[..total]) && PassesLuhn(digits[..total]))
                return true;
        }
        end = -1;
        return false;
    }

    private static bool IsPrinted(ReadOnlySpan<int> groups) => groups switch
    {
        [>= MinDigits and <= MaxDigits] => true,
        [4, 4, 4, 4] or [4, 6, 5] or [4, 6, 4] or [4, 4, 4, 4, 3] or [4, 4, 4, 1] => true,
        _ => false,
    };

    private static bool IsBoundary(string text, int start)
    {
        if (start == 0)
            return true;
        char before = text[start - 1];
        bool fraction = before is '.' or ',' && start > 1 && char.IsAsciiDigit(text[start - 2]);
        return !char.IsLetterOrDigit(before) && before is not ('_' or '#' or '$' or '€' or '£') && !fraction;
    }

    private static bool EndsHere(string text, int end)
    {
        if (end == text.Length)
            return true;
        bool fraction = text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);
        return !char.IsLetterOrDigit(text[end]) && text[end] != '_' && !fraction;
    }

    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        int six = int.Parse(digits[..6], System.Globalization.CultureInfo.InvariantCulture);
        int length = digits.Length;
        return (six / 10_000) switch
        {
            >= 40 and <= 49 => length is 13 or 16 or 19,
            >= 51 and <= 55 => length == 16,
            34 or 37 => length == 15,
            36 or 38 or 39 => length is >= 14 and <= 19,
            30 => six / 1_000 is (>= 300 and <= 305) or 309 && length is >= 14 and <= 19,
            35 => six / 100 is >= 3528 and <= 3589 && length is >= 16 and <= 19,
            62 or 81 => length is >= 16 and <= 19,
            65 => length is >= 16 and <= 19,
            64 => six / 1_000 is >= 644 and <= 649 && length is >= 16 and <= 19,
            60 => six / 100 == 6011 && length is >= 16 and <= 19,
            >= 22 and <= 27 => six / 100 is >= 2221 and <= 2720 && length == 16,
            _ => IsMaestro(six / 100) && length is >= MinDigits and <= MaxDigits,
        };
    }

    private static bool IsMaestro(int four) => four is 5018 or 5020 or 5038 or 5893 or 6304 or 6759 or 6761 or 6762 or 6763;

    private static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1)
                digit = digit > 4 ? (2 * digit) - 9 : 2 * digit;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    private static int NextDigit(string text, int from)
    {
        int next = text.AsSpan(from).IndexOfAnyInRange('0', '9');
        return next < 0 ? -1 : from + next;
    }
}
