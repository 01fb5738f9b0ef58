using System.Collections.Frozen;
using System.Numerics;
using PhoneNumbers;

namespace Opaline.Tokenization;

/// <summary>
/// Tokens of telephone numbers in E.164 form: the country code stays, and as many digits after it as declared; the rest goes through FF1 under
/// a tweak of what stays. A number with fewer than six other digits becomes an AES-SIV token.
/// </summary>
/// <remarks>
/// What stays is a number of digits and not the national destination code: the length of that differs within a country and could not be
/// read off a token again.
/// </remarks>
internal sealed class PhoneTokenizer : ITokenizer
{
    // Country code included (ITU-T E.164).
    private const int MostDigits = 15;

    // 10^6 is the least domain of FF1.
    private const int FewestHidden = 6;

    private readonly PhoneNumberUtil _numbers = PhoneNumberUtil.GetInstance();
    private readonly FrozenSet<int> _countryCodes;
    private readonly string? _country;
    private readonly TemplateCipher _cipher;
    private readonly SivTokenizer _siv;

    public PhoneTokenizer(FieldKeys keys, TokenFormat format)
    {
        _country = format.Country;
        _countryCodes = _numbers.GetSupportedCallingCodes().ToFrozenSet();
        _cipher = new TemplateCipher(
            keys,
            new TemplateShape(TemplateShape.Digits, "", format.KeepPrefix, 0, format.KeepPrefix + FewestHidden, MostDigits - 1));
        _siv = new SivTokenizer(keys, ValueKind.Phone);
    }

    /// <summary>How many numbers the shortest token can stand for; fewer than 10^6 if no number is long enough for so many kept digits.</summary>
    public static BigInteger DomainSize(int kept) =>
        BigInteger.Pow(10, (int)Math.Clamp((long)MostDigits - 1 - Math.Max(0, kept), 0, FewestHidden));

    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // Digits, +, and the punctuation of telephone numbers: the parser below reads letters and extensions too, and throws a lot.
        if (value.Length > 64 || CanonicalForm.TryOf(TokenKind.Phone, value) is not { } compact || (compact[0] != '+' && _country is null))
            return null;
        try
        {
            PhoneNumber number = _numbers.Parse(compact, _country);
            string e164 = _numbers.Format(number, PhoneNumberFormat.E164);
            return IsE164(e164) ? e164 : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        int start = NationalStart(canonical);
        if (start < 0)
            return null;
        Span<char> token = stackalloc char[canonical.Length];
        canonical.AsSpan(0, start).CopyTo(token);
        return _cipher.TryEncrypt(canonical.AsSpan(start), canonical.AsSpan(1, start - 1), token[start..])
            ? token.ToString()
            : _siv.Tokenize(canonical);
    }

    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        int start = NationalStart(token);
        if (start < 0)
            return _siv.Reveal(token);
        Span<char> value = stackalloc char[token.Length];
        token.AsSpan(0, start).CopyTo(value);
        return _cipher.TryDecrypt(token.AsSpan(start), token.AsSpan(1, start - 1), value[start..]) ? value.ToString() : null;
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _siv.Dispose();
    }

    private static bool IsE164(string text) =>
        text.Length is > 2 and <= MostDigits + 1 && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Where the number after the country code starts, or -1 if it is none. No country code is the beginning of another.</summary>
    private int NationalStart(string text)
    {
        if (!IsE164(text))
            return -1;
        int code = 0;
        for (int at = 1; at <= 3 && at < text.Length - 1; at++)
        {
            code = (10 * code) + text[at] - '0';
            if (_countryCodes.Contains(code) && text[1] != '0')
                return at + 1;
        }
        return -1;
    }
}
