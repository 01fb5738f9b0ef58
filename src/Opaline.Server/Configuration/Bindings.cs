using System.Net;

namespace Opaline.Server.Configuration;

/// <summary>The addresses that the server listens on. Whether all of them are loopback decides what a first start may do by itself.</summary>
internal static class Bindings
{
    public const string Default = "http://localhost:8000";

    /// <summary>The configured addresses; empty: nothing was configured and <see cref="Default"/> applies.</summary>
    public static IReadOnlyList<string> Configured(IConfiguration configuration)
    {
        List<string> urls = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "")];
        if (urls.Count == 0)
            urls.AddRange((configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return urls;
    }

    /// <summary>Whether nobody on another machine can reach any of them. What cannot be understood counts as reachable.</summary>
    public static bool AreLoopback(IReadOnlyList<string> urls) => urls.All(IsLoopback);

    private static bool IsLoopback(string url)
    {
        // BindingAddress reads what Uri refuses (http://*:80, http://+:80) the way Kestrel does.
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return false;
        }

        return address.IsUnixPipe
            || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }
}
