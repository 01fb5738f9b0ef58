using System.Globalization;
using System.Net;

namespace Opaline.Tokenization;

/// <summary>
/// Tokens of IP addresses by ipcrypt. Prefix-preserving and deterministic tokens are addresses; non-deterministic ones, each of which is
/// another, are texts such as <c>ix3_…</c>.
/// </summary>
internal sealed class IpTokenizer : ITokenizer
{
    private readonly IDisposable _cipher;
    private readonly Func<IPAddress, string> _encrypt;
    private readonly Func<string, IPAddress?> _decrypt;

    public IpTokenizer(FieldKeys keys, TokenMethod method)
    {
        // Each mode derives its own key of this one.
        (_cipher, _encrypt, _decrypt) = keys.Derive("ipcrypt", IpcryptPrefix.KeySize, key => method switch
        {
            TokenMethod.IpPrefix => Prefix(new IpcryptPrefix(key)),
            TokenMethod.IpDeterministic => Deterministic(new IpcryptDeterministic(key)),
            TokenMethod.IpNonDeterministic => NonDeterministic(new IpcryptNdx(key), keys.Version),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a method for addresses."),
        });
    }

    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return CanonicalForm.TryOf(TokenKind.Ip, value);
    }

    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return Read(canonical) is { } address ? _encrypt(address) : null;
    }

    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _decrypt(token)?.ToString();
    }

    public void Dispose() => _cipher.Dispose();

    private static (IDisposable, Func<IPAddress, string>, Func<string, IPAddress?>) Prefix(IpcryptPrefix cipher) =>
        (cipher, address => cipher.Encrypt(address).ToString(), token => Read(token) is { } address ? cipher.Decrypt(address) : null);

    private static (IDisposable, Func<IPAddress, string>, Func<string, IPAddress?>) Deterministic(IpcryptDeterministic cipher) =>
        (cipher, address => cipher.Encrypt(address).ToString(), token => Read(token) is { } address ? cipher.Decrypt(address) : null);

    private static (IDisposable, Func<IPAddress, string>, Func<string, IPAddress?>) NonDeterministic(IpcryptNdx cipher, int version)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"ix{version}_");
        return (cipher, Encrypt, Decrypt);

        string Encrypt(IPAddress address)
        {
            Span<char> code = stackalloc char[Base32Hex.LengthOf(IpcryptNdx.OutputSize)];
            Base32Hex.Encode(cipher.Encrypt(address), code);
            return string.Concat(prefix, code);
        }

        IPAddress? Decrypt(string token)
        {
            Span<byte> bytes = stackalloc byte[IpcryptNdx.OutputSize];
            bool known = token.Length == prefix.Length + Base32Hex.LengthOf(bytes.Length)
                && token.StartsWith(prefix, StringComparison.Ordinal)
                && Base32Hex.TryDecode(token.AsSpan(prefix.Length), bytes, out _);
            return known ? cipher.Decrypt(bytes) : null;
        }
    }

    /// <summary>An address in its one spelling: the platform reads "1" and "010.1.1.1" too.</summary>
    private static IPAddress? Read(string text)
    {
        Span<char> canonical = stackalloc char[64];
        return !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out IPAddress? address)
            && address.TryFormat(canonical, out int written) && canonical[..written].SequenceEqual(text)
            ? address
            : null;
    }
}
