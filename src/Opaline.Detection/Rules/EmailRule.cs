using System.Buffers;
using System.Collections.Frozen;

namespace Opaline.Detection;

/// <summary>
/// E-mail addresses as people write them (a subset of RFC 5321): local part, <c>@</c>, a domain of at least two labels. Grows from each
/// <c>@</c> to both sides within the RFC's lengths, so the work per character is bounded.
/// </summary>
internal static class EmailRule
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;

    /// <summary>How query strings write the sign.</summary>
    private const string Encoded = "%40";

    private static readonly SearchValues<char> LocalMarks = SearchValues.Create("._%+-'");

    /// <summary>Endings of file names such as <c>icon@2x.png</c>, none of which is a top-level domain that hands out addresses.</summary>
    private static readonly FrozenSet<string> FileEndings =
        new[] { "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "js", "ts", "json", "xml", "html", "pdf", "txt", "map" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool MayHold(string text) => text.Contains('@', StringComparison.Ordinal) || text.Contains(Encoded, StringComparison.Ordinal);

    public static void Find(Candidates found)
    {
        Find(found, "@");
        Find(found, Encoded);
    }

    private static void Find(Candidates found, string sign)
    {
        string text = found.Text;
        for (int at = text.IndexOf(sign, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sign, at + sign.Length, StringComparison.Ordinal))
        {
            int start = LocalStart(text, at);
            int end = DomainEnd(text, at + sign.Length);
            if (start < at && end > 0)
                found.Add(PiiType.Email, start, end - start, 0.95, "email/shape");
        }
    }

    /// <summary>Whether the whole value is an address of a host without dots, such as <c>root@localhost</c>.</summary>
    public static bool IsLocalAddress(string value)
    {
        int at = value.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || LocalStart(value, at) != 0 || at == value.Length - 1)
            return false;
        foreach (char c in value.AsSpan(at + 1))
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '.'))
                return false;
        }
        return true;
    }

    private static int LocalStart(ReadOnlySpan<char> text, int at)
    {
        int start = at;
        while (start > 0 && at - start < MaxLocal && (char.IsLetterOrDigit(text[start - 1]) || LocalMarks.Contains(text[start - 1])))
            start--;
        while (start < at && text[start] is '.' or '\'' or '-' or '+')
            start++;
        return at > start && text[at - 1] == '.' ? at : start;
    }

    private static int DomainEnd(ReadOnlySpan<char> text, int start)
    {
        int limit = Math.Min(text.Length, start + MaxDomain);
        int end = -1;
        for (int label = start, labels = 1; label < limit; labels++)
        {
            int stop = label;
            while (stop < limit && stop - label <= MaxLabel && (char.IsLetterOrDigit(text[stop]) || text[stop] == '-'))
                stop++;
            ReadOnlySpan<char> name = text[label..stop];
            if (name.IsEmpty || name.Length > MaxLabel || name[0] == '-' || name[^1] == '-')
                break;
            if (labels > 1 && IsTopLevel(name))
                end = stop;
            if (stop >= limit || text[stop] != '.')
                break;
            label = stop + 1;
        }
        return end;
    }

    private static bool IsTopLevel(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
            return true;
        if (name.Length is < 2 or > 24)
            return false;
        foreach (char c in name)
        {
            if (!char.IsLetter(c))
                return false;
        }
        return !FileEndings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
    }
}
