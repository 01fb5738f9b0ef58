using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Opaline.Tokenization;

/// <summary>
/// The one spelling of all spellings of a value, per kind. Canonical forms are part of every stored join id: changing one here changes
/// who is the same person, so it needs a new key version and a migration.
/// </summary>
public static class CanonicalForm
{
    private static readonly SearchValues<char> NotInAddresses = SearchValues.Create("%[]/xX");
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>The canonical form. Total: a value that is not of the kind is compared as text, ill-formed UTF-16 as U+FFFD.</summary>
    public static string Of(TokenKind kind, string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        string value = WellFormed(raw).Trim();
        return OfKind(kind, value) ?? Text(value);
    }

    /// <summary>The canonical form, or null if the value is not of the kind.</summary>
    internal static string? TryOf(TokenKind kind, string raw) => OfKind(kind, WellFormed(raw).Trim());

    private static string? OfKind(TokenKind kind, string value) => kind switch
    {
        TokenKind.Identifier => Identifier(value),
        TokenKind.Text => Text(value),
        TokenKind.Email => Email(value),
        TokenKind.Phone => Phone(value),
        TokenKind.Ip => Ip(value),
        TokenKind.Card => Digits(value),
        TokenKind.Iban => Iban(value),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of value."),
    };

    /// <summary>Otherwise one person who writes an address in two ways would be two persons to the privacy unit.</summary>
    private static string Identifier(string value)
    {
        bool address = value.LastIndexOf('.') > value.LastIndexOf('@');
        return (address ? Email(value) : null) ?? Normalized(value, NormalizationForm.FormC);
    }

    private static string Text(string value)
    {
        // Upper before lower folds characters with two lower-case forms, such as the final sigma.
        string folded = Normalized(value, NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();
        return Normalized(folded, NormalizationForm.FormKC).Trim();
    }

    private static string? Email(string value)
    {
        // East Asian keyboards write the sign in two more ways.
        value = value.Replace('\uFF20', '@').Replace('\uFE6B', '@');
        int at = value.LastIndexOf('@');
        if (at < 1 || at == value.Length - 1 || value.AsSpan().ContainsAny(" \t\r\n\0"))
            return null;
        string local = Normalized(value[..at], NormalizationForm.FormC).ToLowerInvariant();
        string domain = Normalized(value[(at + 1)..], NormalizationForm.FormC).ToLowerInvariant().TrimEnd('.');
        return $"{local}@{(Ascii.IsValid(domain) ? domain : Punycode(domain))}";
    }

    private static string Punycode(string domain)
    {
        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // Not a name that IDNA knows: it stays as it is written.
            return domain;
        }
    }

    private static string? Phone(string value)
    {
        StringBuilder digits = new(value.Length);
        foreach (char c in value)
        {
            int digit = CharUnicodeInfo.GetDecimalDigitValue(c);
            if (digit >= 0)
                digits.Append((char)('0' + digit));
            else if (c is '+' or '＋' && digits.Length == 0)
                digits.Append('+');
            else if (!IsPhonePunctuation(c))
                return null;
        }
        if (digits.Length is 0 or 1 && (digits.Length == 0 || digits[0] == '+'))
            return null;
        string number = digits.ToString();
        return number.StartsWith("00", StringComparison.Ordinal) ? string.Concat("+", number.AsSpan(2)) : number;
    }

    private static bool IsPhonePunctuation(char c) =>
        c is ' ' or '-' or '.' or '(' or ')' or '/' or '\u00A0' or '\u202F' or '\u2010' or '\u2011' or '\u2012' or '\u2013';

    private static string? Ip(string value)
    {
        // IPAddress reads "1" and "0x7f.1" too, which nobody means.
        bool six = value.Contains(':', StringComparison.Ordinal);
        if (!six && value.AsSpan().Count('.') != 3)
            return null;
        if (value.AsSpan().ContainsAny(NotInAddresses) || !IPAddress.TryParse(value, out IPAddress? address))
            return null;
        if (!six && address.AddressFamily != AddressFamily.InterNetwork)
            return null;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private static string? Iban(string value)
    {
        string compact = Without(value, ' ', '-', '\u00A0');
        return compact.Length > 0 && Ascii.IsValid(compact) ? compact.ToUpperInvariant() : null;
    }

    private static string? Digits(string value)
    {
        string compact = Without(value, ' ', '-', '\u00A0');
        return compact.Length > 0 && compact.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? compact : null;
    }

    private static string Without(string value, char first, char second, char third)
    {
        StringBuilder compact = new(value.Length);
        foreach (char c in value)
        {
            if (c != first && c != second && c != third)
                compact.Append(c);
        }
        return compact.ToString();
    }

    private static string Normalized(string value, NormalizationForm form) => Ascii.IsValid(value) ? value : value.Normalize(form);

    private static string WellFormed(string value)
    {
        // Normalization refuses the two noncharacters, and lone surrogates have no UTF-8: both become U+FFFD.
        if (value.AsSpan().ContainsAny('\uFFFE', '\uFFFF'))
            value = value.Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD');
        return value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
            ? value
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
    }
}
