using System.Net;
using System.Net.Sockets;

namespace Opaline.Tokenization;

/// <summary>The network of an address: /24 for IPv4, /48 for IPv6.</summary>
internal static class AddressPrefix
{
    public static string? Of(string value)
    {
        string canonical = CanonicalForm.Of(TokenKind.Ip, value);
        if (!canonical.AsSpan().ContainsAny('.', ':') || !IPAddress.TryParse(canonical, out IPAddress? address) || address.ToString() != canonical)
            return null;
        byte[] bytes = address.GetAddressBytes();
        bool four = address.AddressFamily == AddressFamily.InterNetwork;
        Array.Clear(bytes, four ? 3 : 6, four ? 1 : 10);
        return $"{new IPAddress(bytes)}/{(four ? "24" : "48")}";
    }
}
