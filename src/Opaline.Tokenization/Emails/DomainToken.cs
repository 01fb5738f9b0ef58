using System.Buffers;
using System.Collections.Frozen;

namespace Opaline.Tokenization;

/// <summary>
/// The domain of a token, as the policy says. What is not shown becomes an AES-SIV code in labels of DNS, below <c>.invalid</c> (RFC 2606: no
/// mail can ever reach it) or below the public suffix. Safe for use by many threads.
/// </summary>
internal sealed class DomainToken : IDisposable
{
    /// <summary>The top-level domain of hidden domains.</summary>
    public const string Hidden = "invalid";

    /// <summary>Longer domains would give codes that no domain may have.</summary>
    private const int LongestHidden = 126;

    private const int LabelLength = 60;

    /// <summary>Address literals and what is no name of DNS have no public suffix.</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private readonly DomainPolicy _policy;
    private readonly FrozenSet<string> _domains;
    private readonly SivText _siv;

    public DomainToken(FieldKeys keys, TokenFormat format)
    {
        _policy = format.Domain;
        _domains = (format.Domains.IsDefault ? [] : format.Domains).ToFrozenSet(StringComparer.Ordinal);
        _siv = new SivText(keys, "email-domain");
    }

    /// <summary>The domain of the token, or null if the domain is too long.</summary>
    public string? Of(string domain)
    {
        if (IsShown(domain))
            return domain;
        string? code = domain.Length > LongestHidden ? null : _siv.Encode("", domain);
        return code is null ? null : string.Join('.', [.. code.Chunk(LabelLength).Select(label => new string(label)), Suffix(domain)]);
    }

    /// <summary>The domain of a token's domain, or null if it is none.</summary>
    public string? Reveal(string token)
    {
        if (IsShown(token))
            return token;
        string end = "." + Suffix(token);
        if (!token.EndsWith(end, StringComparison.Ordinal))
            return null;
        string? domain = _siv.Decode(token[..^end.Length].Replace(".", "", StringComparison.Ordinal));
        // Points elsewhere, or another suffix, would open too.
        return domain is not null && string.Equals(Of(domain), token, StringComparison.Ordinal) ? domain : null;
    }

    public void Dispose() => _siv.Dispose();

    private bool IsShown(string domain) =>
        _policy == DomainPolicy.Full || (_policy == DomainPolicy.AllowListed && _domains.Contains(domain));

    /// <summary>What stays readable: the same of a domain and of its token.</summary>
    private string Suffix(string domain)
    {
        bool isName = domain.Contains('.', StringComparison.Ordinal) && !domain.AsSpan().ContainsAnyExcept(NameCharacters);
        if (_policy != DomainPolicy.PublicSuffix || !isName)
            return Hidden;
        string suffix = domain;
        for (int dot; !_domains.Contains(suffix) && (dot = suffix.IndexOf('.', StringComparison.Ordinal)) >= 0;)
            suffix = suffix[(dot + 1)..];
        return suffix;
    }
}
