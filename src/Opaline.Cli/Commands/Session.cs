using System.CommandLine;
using Opaline.Cli.Profiles;
using Opaline.Cli.Terminal;
using Opaline.Client;

namespace Opaline.Cli.Commands;

/// <summary>What every command has: the options before its own, the screen, and clients of the server.</summary>
internal sealed class Session : IDisposable
{
    public static readonly Option<string?> ProfileOption = new("--profile")
    {
        Description = "Profile to use (default: OPALINE_PROFILE, else in the user's configuration folder).",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<Uri?> ServerOption = new("--server")
    {
        Description = "Address of the server instead of the profile's.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = parsed =>
        {
            if (Uri.TryCreate(parsed.Tokens[0].Value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
                return WithSlash(uri);
            parsed.AddError("--server must be an http or https address, such as http://localhost:8000.");
            return null;
        },
    };

    public static readonly Option<bool> JsonOption = new("--json") { Description = "Print the result as JSON.", Recursive = true };

    private readonly List<IDisposable> _clients = [];
    private readonly Uri? _server;
    private Profile? _profile;

    public Session(ParseResult parsed)
    {
        Screen = new Screen { Json = parsed.GetValue(JsonOption) };
        File = new ProfileFile(parsed.GetValue(ProfileOption));
        _server = parsed.GetValue(ServerOption);
    }

    public Screen Screen { get; }

    public ProfileFile File { get; }

    public Uri? AskedServer => _server;

    public Profile Profile => _profile ??= _server is null ? File.Read() : File.Read() with { Server = _server };

    /// <summary>A client in the first of these roles that the profile holds.</summary>
    /// <exception cref="UsageException">It holds none.</exception>
    public OpalineClient Client(params ReadOnlySpan<string> roles) => Client(Profile.For(roles));

    public OpalineClient Client(OpalineCredentials credentials) => Client(Profile.Server, credentials);

    public OpalineClient Client(Uri server, OpalineCredentials credentials)
    {
        HttpClient http = new() { BaseAddress = WithSlash(server) };
        OpalineClient client = new(http, credentials);
        _clients.Add(client);
        _clients.Add(http);
        return client;
    }

    public void Dispose()
    {
        foreach (IDisposable one in _clients)
            one.Dispose();
    }

    private static Uri WithSlash(Uri uri) => uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
}
