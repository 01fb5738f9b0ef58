using System.CommandLine;
using Opaline.Cli.Terminal;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline reveal</c>.</summary>
internal static class RevealCommand
{
    public static Command Create()
    {
        Argument<string[]> tokens = new("token") { Description = "The tokens.", HelpName = "TOKEN", Arity = ArgumentArity.OneOrMore };
        Option<string> reason = new("--reason") { Description = "Why, for the audit log.", HelpName = "TEXT", Required = true };
        return new Command("reveal", "Opens tokens; each value is charged to a quota and recorded.") { tokens, reason }
            .Does(async (session, parsed, cancellationToken) =>
            {
                RevealDocument opened = await session.Client("admin").RevealAsync(
                    new RevealRequestDocument { Tokens = parsed.GetRequiredValue(tokens), Reason = parsed.GetRequiredValue(reason) }, cancellationToken);
                session.Screen.Show(opened, _ =>
                {
                    foreach (RevealedValueDocument value in opened.Values)
                        Screen.Line($"{value.Token}\t{value.Field}\t{value.Value}");
                });
                return opened.Values.Any(v => v.Value is null) ? ExitCode.Incomplete : ExitCode.Ok;
            });
    }
}
