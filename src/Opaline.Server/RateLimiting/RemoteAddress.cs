using System.Net;
using System.Net.Sockets;

namespace Opaline.Server.RateLimiting;

/// <summary>Where a request comes from, as far as one caller can be told from another.</summary>
internal static class RemoteAddress
{
    // One home has a whole /64 of IPv6 addresses: it is one caller.
    public static string Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}
