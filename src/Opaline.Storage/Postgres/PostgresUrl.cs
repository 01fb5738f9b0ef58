using System.Net;
using Npgsql;

namespace Opaline.Storage;

/// <summary>
/// Where a PostgreSQL server is: <c>postgres://user:password@host:port/database?sslmode=…</c>, with the keywords of an Npgsql connection
/// string as parameters, or such a connection string itself. <c>?host=/folder</c> names a folder of Unix sockets. A password may stand in
/// it, in the file that <c>passfile</c> names, or in <c>PGPASSWORD</c> or <c>PGPASSFILE</c>.
/// </summary>
public static class PostgresUrl
{
    private const string Form = "must be postgres://user@host/database or an Npgsql connection string with a host and a database.";

    /// <summary>What is wrong with it, in words that hold nothing of it; null if it can be used.</summary>
    public static string? Fault(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            NpgsqlConnectionStringBuilder server = Read(url);
            return string.IsNullOrWhiteSpace(server.Host) || string.IsNullOrWhiteSpace(server.Database) ? Form : null;
        }
        catch (Exception refusal) when (refusal is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return Form;
        }
    }

    /// <summary>The server as Npgsql names it.</summary>
    /// <exception cref="StorageFailureException">See <see cref="Fault"/>.</exception>
    internal static NpgsqlConnectionStringBuilder Parse(string url) =>
        Fault(url) is { } fault ? throw new StorageFailureException("Opaline:Storage:Url " + fault) : Read(url);

    private static NpgsqlConnectionStringBuilder Read(string url)
    {
        NpgsqlConnectionStringBuilder server = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "postgres" or "postgresql"
            ? FromUri(new Uri(url))
            : new NpgsqlConnectionStringBuilder(url);
        // What goes over a network is encrypted unless the operator says otherwise.
        if (!server.ShouldSerialize("SSL Mode") && !IsOnThisMachine(server.Host))
            server.SslMode = SslMode.Require;
        return server;
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        NpgsqlConnectionStringBuilder server = new() { Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) };
        if (uri.Host.Length > 0)
            server.Host = uri.IdnHost;
        if (uri.Port > 0)
            server.Port = uri.Port;
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            server.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2)
            server.Password = Uri.UnescapeDataString(user[1]);
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            string keyword = Keyword(Uri.UnescapeDataString(parts[0]));
            string value = Uri.UnescapeDataString(parts.Length == 2 ? parts[1] : "");
            // libpq writes verify-full, Npgsql VerifyFull.
            server[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return server;
    }

    // libpq's names where Npgsql's differ.
    private static string Keyword(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "connect_timeout" => "Timeout",
        "user" => "Username",
        "dbname" => "Database",
        _ => name,
    };

    private static bool IsOnThisMachine(string? host) =>
        string.IsNullOrEmpty(host) || host[0] is '/' or '@' || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
