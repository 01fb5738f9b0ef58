using System.CommandLine;
using Opaline.Cli.Profiles;
using Opaline.Cli.Terminal;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline token</c>: prints an access token, for curl and the like.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        Option<string> role = new("--role") { Description = "Whose token.", HelpName = "ROLE", Required = true };
        role.AcceptOnlyFromAmong(Profile.Roles);
        return new Command("token", "Prints an access token: TOKEN=$(opaline token --role analyst).") { role }
            .Does(async (session, parsed, cancellationToken) =>
            {
                TokenDocument token = await session.Client(parsed.GetRequiredValue(role)).GetTokenAsync(cancellationToken);
                session.Screen.Show(token, _ => Screen.Line(token.AccessToken));
                return ExitCode.Ok;
            });
    }
}
