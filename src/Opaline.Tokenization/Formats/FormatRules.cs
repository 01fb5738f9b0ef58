using System.Numerics;

namespace Opaline.Tokenization;

/// <summary>
/// The linter of declared formats: computes how many values a token could stand for, and refuses what would give them away, naming what to
/// declare instead. FF1 needs 1,000,000 of them (NIST SP 800-38G Rev. 1, second public draft, 2025): with fewer, a codebook of all tokens is
/// soon complete. It reads the declaration alone, never data.
/// </summary>
public static class FormatRules
{
    private const int DaysFrom1900To2099 = 73_049;
    private const int FiveDigits = 100_000;
    private const int IsoCountries = 249;
    private const int IsoSexes = 4;

    /// <summary>Checks a whole format.</summary>
    public static FormatVerdict Check(TokenFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        bool known = Enum.IsDefined(format.Values) && Enum.IsDefined(format.Method) && Enum.IsDefined(format.Domain);
        BigInteger? size = known ? DomainSize(format) : null;
        FaultList faults = new(size);
        faults.AddIf(!known, "wrong_method", "method", "Kind, method or domain policy is unknown.", "one of those listed");
        if (known)
        {
            CheckMethod(format, faults);
            CheckMembers(format, faults);
        }
        if (faults.IsEmpty && format.Method == TokenMethod.FormatPreserving)
            CheckFormatPreserving(format, size!.Value, faults);
        return faults.Verdict();
    }

    private static BigInteger? DomainSize(TokenFormat format) => format.Method == TokenMethod.Siv ? null : format.Values switch
    {
        ValueKind.Email => EmailTokenizer.LocalShape.DomainSize,
        ValueKind.Phone => PhoneTokenizer.DomainSize(format.KeepPrefix),
        ValueKind.NationalId when NationalId.IsSsn(format) => NationalId.IssuableSsns,
        ValueKind.Card or ValueKind.NationalId or ValueKind.Template => TemplateShape.Of(format).DomainSize,
        ValueKind.Uuid => BigInteger.Pow(2, UuidTokenizer.HiddenBits),
        ValueKind.Integer => BigInteger.Max(0, (BigInteger)format.Greatest - format.Least + 1),
        ValueKind.Ip => BigInteger.Pow(2, 32),
        ValueKind.Date => DaysFrom1900To2099,
        ValueKind.PostalCode => FiveDigits,
        ValueKind.Country => IsoCountries,
        ValueKind.Gender => IsoSexes,
        ValueKind.Boolean => 2,
        // As many as anybody can write.
        _ => null,
    };

    private static void CheckMethod(TokenFormat format, FaultList faults)
    {
        string? alternative = (format.Values, format.Method) switch
        {
            (ValueKind.Template, TokenMethod.Siv) => "values: text with siv",
            (_, TokenMethod.Siv) => null,
            (ValueKind.Ip, TokenMethod.FormatPreserving) => "ip_prefix, which keeps networks together, or ip_deterministic",
            (ValueKind.Ip, _) => null,
            (ValueKind.Date, _) => "the generalizer year or quarter, a shift per subject, or siv",
            (ValueKind.PostalCode, _) => "the generalizer zip3, or siv",
            (ValueKind.Country or ValueKind.Gender or ValueKind.Boolean, _) => "keep with a public domain, or siv",
            (ValueKind.Name or ValueKind.Text, _) => "siv",
            (_, TokenMethod.FormatPreserving) => null,
            _ => "format_preserving, or siv",
        };
        faults.AddIf(alternative is not null, "wrong_method", "method", "This method does not fit these values.", alternative ?? "");
    }

    /// <summary>A setting that means nothing for these values would be a wish that is silently not kept.</summary>
    private static void CheckMembers(TokenFormat format, FaultList faults)
    {
        bool ff1 = format.Method == TokenMethod.FormatPreserving;
        bool template = ff1 && format.Values == ValueKind.Template;
        bool counted = template || (ff1 && format.Values is ValueKind.Card or ValueKind.NationalId);
        bool phone = ff1 && format.Values == ValueKind.Phone;
        bool email = ff1 && format.Values == ValueKind.Email;
        Refuse(template || format.Alphabet is null, "alphabet", "values: template");
        Refuse(template || format.Separators.Length == 0, "separators", "values: template");
        Refuse(counted || phone || format.KeepPrefix == 0, "keep_prefix", "the generalizer keep_first");
        Refuse(counted || format.KeepSuffix == 0, "keep_suffix", "the generalizer keep_last");
        Refuse(counted || format is { MinLength: 0, MaxLength: 0 }, "min_length", "values: template with format_preserving");
        Refuse(counted || !format.Luhn, "luhn", "values: card with format_preserving");
        Refuse(phone || (ff1 && format.Values == ValueKind.NationalId) || format.Country is null, "country", "values: national_id");
        Refuse(
            (ff1 && format.Values == ValueKind.Integer) || format is { Least: long.MinValue, Greatest: long.MaxValue },
            "least",
            "values: integer with format_preserving");
        Refuse(
            email || (format.Domain == default && format.Domains.IsDefaultOrEmpty),
            "domains",
            "values: email with format_preserving");

        void Refuse(bool fits, string property, string alternative) =>
            faults.AddIf(!fits, "not_applicable", property, "These values have no such setting with this method.", alternative);
    }

    private static void CheckFormatPreserving(TokenFormat format, BigInteger size, FaultList faults)
    {
        if (format.Values is ValueKind.Card or ValueKind.NationalId or ValueKind.Template)
            TemplateRules.Check(format, faults);
        if (format.Values == ValueKind.Email)
            DomainRules.Check(format, faults);
        faults.AddIf(
            format is { Values: ValueKind.Phone, KeepPrefix: < 0 }, "length", "keep_prefix", "It cannot be negative.", "keep_prefix: 0");
        faults.AddIf(format.Greatest < format.Least, "range", "greatest", "The range is empty.", "a greatest value above the least");
        faults.AddIf(
            format.Country is { } country && (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)),
            "country",
            "country",
            "It is no ISO 3166-1 alpha-2 code.",
            "two capitals such as AT");
        faults.AddIf(
            format is { Values: ValueKind.NationalId, Country: null },
            "country",
            "country",
            "The country is the tweak.",
            "two capitals such as AT");
        faults.AddIf(
            faults.IsEmpty && size < Ff1.MinDomain,
            "small_domain",
            "values",
            "FF1 needs at least 1,000,000 possible values, and these are fewer.",
            SmallDomainAlternative(format));
    }

    private static string SmallDomainAlternative(TokenFormat format) => format.Values switch
    {
        ValueKind.Card when format.Luhn && TemplateShape.Of(format with { Luhn = false }).DomainSize >= Ff1.MinDomain =>
            "luhn: false, or keep_prefix: 0 with keep_suffix: 4",
        ValueKind.Card => "keep_prefix: 0 with keep_suffix: 4",
        ValueKind.Phone => "keep_prefix: 8 or less",
        ValueKind.Integer => "a wider range, the generalizer bucket, or siv",
        ValueKind.NationalId => "fewer kept digits, or siv",
        _ => "fewer kept characters, longer values, or values: text with siv",
    };
}
