using PhoneNumbers;

namespace Opaline.Detection;

/// <summary>
/// Telephone numbers: international ones (<c>+</c> or <c>00</c>) that libphonenumber calls valid, North American ones in their usual
/// punctuation, and any number of 7 to 15 digits that a word such as <c>tel</c> announces. A bare run of digits is none.
/// libphonenumber costs microseconds a call, so only runs of digits that could be valid reach it, and only so many per text.
/// </summary>
internal sealed class PhoneRule
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;
    private const int MaxEnds = 8;

    /// <summary>After so many checked candidates of one text the shape alone decides: a hostile text must not buy time, nor hide a number.</summary>
    private const int MaxChecks = 64;

    private readonly PhoneNumberUtil _numbers = PhoneNumberUtil.GetInstance();
    private readonly HashSet<int> _callingCodes;

    public PhoneRule() => _callingCodes = [.. _numbers.GetSupportedCallingCodes()];

    public void Find(Candidates found)
    {
        string text = found.Text;
        Span<int> ends = stackalloc int[MaxEnds];
        int checks = 0;
        int at = 0;
        while ((at = NextStart(text, at)) >= 0)
        {
            int count = Ends(text, at, ends);
            Finding? match = count > 0 && StartsAlone(text, at) ? Match(found, at, ends[..count], ref checks) : null;
            if (match is { } phone)
                found.Add(phone.Type, phone.Start, phone.Length, phone.Score, phone.Rule);
            at = match?.End ?? AfterGroup(text, at);
        }
    }

    /// <summary>Whether a whole value could be a telephone number if its field's name says that it is one.</summary>
    public static bool HasShape(string value)
    {
        Span<int> ends = stackalloc int[MaxEnds];
        int start = NextStart(value, 0);
        return start == 0 && Ends(value, 0, ends) is > 0 and int count && ends[count - 1] == value.Length
            && Digits(value.AsSpan()) is >= MinDigits and <= MaxDigits;
    }

    /// <summary>The longest number that starts here and ends with one of the groups.</summary>
    private Finding? Match(Candidates found, int start, ReadOnlySpan<int> ends, ref int checks)
    {
        string text = found.Text;
        bool announced = TextContext.AnnouncesPhone(text, start);
        for (int i = ends.Length - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> candidate = text.AsSpan(start, ends[i] - start);
            if (Digits(candidate) is < MinDigits or > MaxDigits || !EndsAlone(text, ends[i]) || !found.IsFree(start, candidate.Length))
                continue;
            if (TextContext.IsDate(candidate) || TextContext.IsDecimal(candidate))
                continue;
            if (IsInternational(candidate) && IsValid(candidate, ref checks) && !TextContext.IsVersion(text, start))
                return new Finding(PiiType.Phone, start, candidate.Length, 0.95, "phone/international");
            if (announced)
                return new Finding(PiiType.Phone, start, candidate.Length, 0.7, "phone/context");
            if (IsNorthAmerican(candidate) && !TextContext.IsOtherNumber(text, start, PiiType.Phone))
                return new Finding(PiiType.Phone, start, candidate.Length, 0.7, "phone/north_american");
        }
        return null;
    }

    private bool IsValid(ReadOnlySpan<char> candidate, ref int checks)
    {
        Span<char> digits = stackalloc char[MaxDigits + 3];
        int count = 0;
        foreach (char c in candidate)
        {
            if (char.IsAsciiDigit(c))
                digits[count++] = c;
        }
        ReadOnlySpan<char> number = candidate[0] == '+' ? digits[..count] : digits[2..count];
        if (!HasCallingCode(number))
            return false;
        if (++checks > MaxChecks)
            return true;
        try
        {
            return _numbers.IsValidNumber(_numbers.Parse("+" + number.ToString(), null));
        }
        catch (NumberParseException)
        {
            return false;
        }
    }

    private bool HasCallingCode(ReadOnlySpan<char> number)
    {
        int code = 0;
        for (int i = 0; i < 3 && i < number.Length; i++)
        {
            code = (10 * code) + number[i] - '0';
            if (code > 0 && _callingCodes.Contains(code))
                return true;
        }
        return false;
    }

    /// <summary>With <c>+</c>, or with <c>00</c> and punctuation: a bare run of digits that starts with 00 is an id more often.</summary>
    private static bool IsInternational(ReadOnlySpan<char> candidate) =>
        candidate[0] == '+'
        || (candidate.StartsWith("00", StringComparison.Ordinal) && candidate[2] != '0' && Digits(candidate) < candidate.Length);

    /// <summary>
    /// <c>(415) 555-2671</c>, <c>415-555-2671</c>, <c>1.415.555.2671</c>: area code and exchange start with 2 to 9. Spaces alone are not enough:
    /// any three numbers of a log line stand like that.
    /// </summary>
    private static bool IsNorthAmerican(ReadOnlySpan<char> candidate)
    {
        if (candidate.IndexOfAny("-.()") < 0)
            return false;
        Span<int> groups = stackalloc int[5];
        int count = 0;
        int length = 0;
        foreach (char c in candidate)
        {
            if (char.IsAsciiDigit(c))
            {
                length++;
                continue;
            }
            if (length > 0 && count < 4)
                groups[count++] = length;
            length = 0;
        }
        groups[count++] = length;
        bool shaped = groups[..count] is [3, 3, 4] || (groups[..count] is [1, 3, 3, 4] && candidate.TrimStart('+')[0] == '1');
        if (!shaped)
            return false;
        Span<char> digits = stackalloc char[11];
        int written = 0;
        foreach (char c in candidate)
        {
            if (char.IsAsciiDigit(c))
                digits[written++] = c;
        }
        ReadOnlySpan<char> ten = digits[(written - 10)..written];
        return ten[0] >= '2' && ten[3] >= '2';
    }

    /// <summary>Ends of the groups of digits that one number could have from here, in order.</summary>
    private static int Ends(string text, int start, Span<int> ends)
    {
        int at = text[start] == '+' ? start + 1 : start;
        int count = 0;
        int digits = 0;
        while (at < text.Length && count < ends.Length && digits <= MaxDigits)
        {
            int from = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            digits += at - from;
            if (at > from)
                ends[count++] = at;
            int gap = 0;
            while (at < text.Length && gap < 3 && IsPunctuation(text[at]))
                (at, gap) = (at + 1, gap + 1);
            if (at < text.Length && !char.IsAsciiDigit(text[at]))
                break;
            if (gap == 0)
                break;
        }
        return count;
    }

    private static int NextStart(string text, int from)
    {
        for (int at = from; at < text.Length; at++)
        {
            char c = text[at];
            if (char.IsAsciiDigit(c))
                return at;
            if (c is '+' or '(' && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] == '('))
                return at;
        }
        return -1;
    }

    private static int AfterGroup(string text, int start)
    {
        int at = start + 1;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    private static bool StartsAlone(string text, int start)
    {
        if (start == 0)
            return true;
        char before = text[start - 1];
        bool fraction = before is '.' or ',' && start > 1 && char.IsAsciiDigit(text[start - 2]);
        return !char.IsLetterOrDigit(before) && before is not ('_' or '#' or '$' or '€' or '£' or '-') && !fraction;
    }

    private static bool EndsAlone(string text, int end)
    {
        if (end == text.Length)
            return true;
        bool fraction = text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);
        return !char.IsLetterOrDigit(text[end]) && text[end] is not ('_' or '%' or ':') && !fraction;
    }

    private static bool IsPunctuation(char c) => c is ' ' or '-' or '.' or '(' or ')' or '/' or '\u00A0' or '\u2011' or '\u2013';

    private static int Digits(ReadOnlySpan<char> text)
    {
        int digits = 0;
        foreach (char c in text)
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        return digits;
    }
}
