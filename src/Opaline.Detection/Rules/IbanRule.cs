namespace Opaline.Detection;

/// <summary>IBANs (ISO 13616): a country of the registry, its length, and the mod-97 check. Groups may be set apart by single spaces or hyphens.</summary>
internal static class IbanRule
{
    private const string Registry =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 "
        + "GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 "
        + "ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 "
        + "ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static readonly byte[] Lengths = ReadRegistry();

    public static void Find(Candidates found)
    {
        string text = found.Text;
        for (int start = 0; start + 15 <= text.Length; start++)
        {
            if (!char.IsAsciiDigit(text[start + 2]) || !char.IsAsciiDigit(text[start + 3])
                || !char.IsAsciiLetter(text[start]) || !char.IsAsciiLetter(text[start + 1]))
                continue;
            if (start > 0 && char.IsLetterOrDigit(text[start - 1]))
                continue;
            int end = End(text, start, LengthOf(text[start], text[start + 1]));
            if (end > 0)
                found.Add(PiiType.Iban, start, end - start, 0.99, "iban/mod97");
        }
    }

    /// <summary>Where the IBAN that starts here ends, or -1 if none does.</summary>
    private static int End(string text, int start, int length)
    {
        if (length == 0)
            return -1;
        Span<char> compact = stackalloc char[length];
        int taken = 0;
        int at = start;
        for (; at < text.Length && taken < length; at++)
        {
            char c = text[at];
            if (char.IsAsciiLetterOrDigit(c))
                compact[taken++] = char.ToUpperInvariant(c);
            else if (c is not (' ' or '-' or '\u00A0') || taken % 4 != 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
                return -1;
        }
        bool ends = at == text.Length || !char.IsLetterOrDigit(text[at]);
        return taken == length && ends && Remainder(compact) == 1 ? at : -1;
    }

    /// <summary>The number mod 97 after the first four characters have moved to the end and letters count 10 to 35 (ISO 7064).</summary>
    private static int Remainder(ReadOnlySpan<char> compact)
    {
        int remainder = 0;
        for (int i = 0; i < compact.Length; i++)
        {
            char c = compact[(i + 4) % compact.Length];
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + (c - '0')) % 97
                : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }
        return remainder;
    }

    private static int LengthOf(char first, char second) => Lengths[Index(first, second)];

    private static int Index(char first, char second) => ((char.ToUpperInvariant(first) - 'A') * 26) + char.ToUpperInvariant(second) - 'A';

    private static byte[] ReadRegistry()
    {
        byte[] lengths = new byte[26 * 26];
        foreach (string entry in Registry.Split(' '))
            lengths[Index(entry[0], entry[1])] = byte.Parse(entry.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        return lengths;
    }
}
