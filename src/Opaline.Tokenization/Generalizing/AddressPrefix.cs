using System.Net;
using System.Net.Sockets;

namespace Opaline.Tokenization;

/// <summary>The network of an address: /24 for IPv4, /48 for IPv6.</summary>
internal static class AddressPrefix
{
    public static string? Of(string value)
    {
        if (CanonicalForm.TryOf(TokenKind.Ip, value) is not { } canonical)
            return null;
        IPAddress address = IPAddress.Parse(canonical);
        byte[] bytes = address.GetAddressBytes();
        bool four = address.AddressFamily == AddressFamily.InterNetwork;
        Array.Clear(bytes, four ? 3 : 6, four ? 1 : 10);
        return $"{new IPAddress(bytes)}/{(four ? "24" : "48")}";
    }
}
