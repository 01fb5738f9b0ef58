using System.CommandLine;
using Opaline.Cli.Terminal;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline budget</c>.</summary>
internal static class BudgetCommand
{
    public static Command Create()
    {
        Option<string?> dataset = new("--dataset") { Description = "Only this dataset's account.", HelpName = "NAME" };
        Option<string?> role = new("--role") { Description = "As whom (default: analyst).", HelpName = "ROLE" };
        return new Command("budget", "Shows what may be asked yet.") { dataset, role }
            .Does(async (session, parsed, cancellationToken) =>
            {
                string[] roles = parsed.GetValue(role) is { } asked ? [asked] : ["analyst", "admin", "auditor"];
                BudgetDocument budget = await session.Client(roles).GetBudgetAsync(parsed.GetValue(dataset), cancellationToken: cancellationToken);
                session.Screen.Show(budget, console => console.Write(AccountTable.Of(budget.Accounts)));
                return ExitCode.Ok;
            });
    }
}
