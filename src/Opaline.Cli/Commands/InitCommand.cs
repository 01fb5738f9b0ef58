using System.CommandLine;
using Opaline.Cli.Profiles;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;
using Spectre.Console;
using Profile = Opaline.Cli.Profiles.Profile;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline init</c>: writes the profile.</summary>
internal static class InitCommand
{
    private const string FirstStart = "keys/credentials.json";

    public static Command Create()
    {
        Option<string?> credentials = new("--credentials")
        {
            Description = $"File with the server's clients (default: {FirstStart}, else you are asked).",
            HelpName = "FILE",
        };
        Option<string?> code = new("--code")
        {
            Description = "Content of keys/init.code of a server beyond loopback: makes its first clients, once. Their secrets go into the profile only.",
            HelpName = "CODE",
        };
        return new Command("init", "Writes a profile: which server, and as whom.") { credentials, code }
            .Does((session, parsed, cancellationToken) => RunAsync(session, parsed.GetValue(credentials), parsed.GetValue(code), cancellationToken));
    }

    private static async Task<int> RunAsync(Session session, string? path, string? code, CancellationToken cancellationToken)
    {
        Uri server = session.AskedServer ?? new Uri("http://localhost:8000/");
        Profile profile;
        if (code is not null)
        {
            using HttpClient http = new() { BaseAddress = server };
            profile = new Profile(server, await OpalineClient.InitializeAsync(http, code, cancellationToken));
        }
        else if (path is not null || File.Exists(FirstStart))
        {
            if (!File.Exists(path ?? FirstStart))
                throw new UsageException($"{path} is not there. The server writes it at its first start, as {FirstStart} in its folder.");
            profile = new Profile(server, ProfileFile.ReadCredentials(path ?? FirstStart));
        }
        else if (session.Screen.Interactive)
        {
            profile = Ask(session, server);
        }
        else
        {
            throw new UsageException($"There is no {FirstStart} here. Run it in the server's folder, or give --credentials FILE.");
        }

        session.File.Write(profile);
        bool answers = await AnswersAsync(session, profile, cancellationToken);
        session.Screen.Show(profile.Credentials.Select(c => c.Role).ToArray(), console =>
        {
            console.MarkupLineInterpolated($"Wrote [bold]{session.File.Path}[/] for {profile.Server}: {string.Join(", ", profile.Credentials.Select(c => c.Role))}.");
            if (!answers)
                console.MarkupLineInterpolated($"[yellow]The server does not answer yet.[/] Start it: dotnet run --project src/Opaline.Server");
        });
        return ExitCode.Ok;
    }

    private static Profile Ask(Session session, Uri server)
    {
        List<CredentialDocument> clients = [];
        if (session.AskedServer is null)
            server = new Uri(session.Screen.Ask($"Address of the server, such as {server}:"));
        do
        {
            string role = session.Screen.Ask($"Role ({string.Join(", ", Profile.Roles)}):");
            clients.Add(new CredentialDocument(session.Screen.Ask("Client id:"), session.Screen.AskSecret("Client secret:"), role));
        }
        while (session.Screen.Confirm("Another client?"));
        return new Profile(server, clients);
    }

    /// <summary>A profile for a server that is not up yet is fine; one that it refuses is told at once.</summary>
    private static async Task<bool> AnswersAsync(Session session, Profile profile, CancellationToken cancellationToken)
    {
        if (profile.Credentials is not [var first, ..])
            throw new UsageException("The credentials file lists no client.");
        using HttpClient http = new() { BaseAddress = profile.Server };
        using OpalineClient client = new(
            http, new OpalineCredentials(first.ClientId, first.ClientSecret), new OpalineClientOptions { MaxAttempts = 1 });
        try
        {
            await client.GetTokenAsync(cancellationToken);
            return true;
        }
        catch (OpalineConnectionException)
        {
            return false;
        }
    }
}
