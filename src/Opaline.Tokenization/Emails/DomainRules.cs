namespace Opaline.Tokenization;

/// <summary>What the listed domains of a format must be like.</summary>
internal static class DomainRules
{
    private const int LongestDomain = 253;

    public static void Check(TokenFormat format, FaultList faults)
    {
        if (format.Domains.IsDefaultOrEmpty)
            return;
        faults.AddIf(
            format.Domain is DomainPolicy.None or DomainPolicy.Full,
            "domains",
            "domains",
            "This policy takes no list.",
            "domain: allow_listed or public_suffix");
        faults.AddIf(
            !format.Domains.All(IsName),
            "domains",
            "domains",
            "A domain is no name of DNS in lower case.",
            "punycode in lower case, such as xn--bcher-kva.example");
        faults.AddIf(format.Domains.Any(IsHidden), "domains", "domains", "Hidden domains stand below .invalid.", "the list without it");
        faults.AddIf(
            format.Domains.Distinct(StringComparer.Ordinal).Count() != format.Domains.Length,
            "domains",
            "domains",
            "A domain is listed twice.",
            "each domain once");
    }

    private static bool IsHidden(string domain) =>
        domain == DomainToken.Hidden || (domain?.EndsWith("." + DomainToken.Hidden, StringComparison.Ordinal) ?? false);

    private static bool IsName(string domain) =>
        domain is { Length: > 0 and <= LongestDomain }
        && domain.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(IsNameCharacter));

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
