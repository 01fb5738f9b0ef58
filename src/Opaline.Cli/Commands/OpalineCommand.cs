using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary>The whole command line.</summary>
internal static class OpalineCommand
{
    /// <summary>Runs one command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        RootCommand root = new("Speaks to an Opaline server: sends events, asks private questions, reads budgets and the audit log, serves people's requests.")
        {
            Session.ProfileOption, Session.ServerOption, Session.JsonOption,
            InitCommand.Create(), TokenCommand.Create(), ImportCommand.Create(), SeedCommand.Create(),
            QueryCommand.Create(), BudgetCommand.Create(), AuditCommand.Create(),
            SubjectCommand.Create(), RevealCommand.Create(), ReceiptCommand.Create(), KeysCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
                await Console.Error.WriteLineAsync($"opaline: {error.Message}");
            await Console.Error.WriteLineAsync($"'opaline {parsed.CommandResult.Command.Name} --help' shows what is possible.".Replace("opaline opaline", "opaline", StringComparison.Ordinal));
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellationToken);
    }

    /// <summary>Gives a command what it does; every failure becomes a sentence and an exit code.</summary>
    public static Command Does(this Command command, Func<Session, ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Session session = new(parsed);
            try
            {
                return await action(session, parsed, cancellationToken);
            }
            catch (UsageException usage)
            {
                session.Screen.Error(usage.Message);
                return ExitCode.Usage;
            }
            catch (OpalineProblemException refused)
            {
                session.Screen.Error(Text(refused));
                return ExitCode.Refused;
            }
            catch (OpalineConnectionException lost)
            {
                session.Screen.Error(lost.Message);
                return ExitCode.Unreachable;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                session.Screen.Error("Stopped.");
                return ExitCode.Cancelled;
            }
            catch (Exception io) when (io is IOException or UnauthorizedAccessException)
            {
                session.Screen.Error(io.Message);
                return ExitCode.Usage;
            }
        });
        return command;
    }

    private static string Text(OpalineProblemException refused)
    {
        ProblemDocument problem = refused.Problem;
        List<string> lines = [problem.Path is { Length: > 0 } path ? $"{refused.Message} (at {path})" : refused.Message];
        foreach (ProblemErrorDocument error in problem.Errors ?? [])
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {(error.Index is { } index ? $"row {index + 1} " : "")}{error.Path}: {error.Detail}"));
        if (problem.Account is { } account)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {account.Kind} account {account.Name}: ε {account.LeftEpsilon:0.###} left"));
            if (account.WindowEnds is { } more)
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"  more at {more:u}"));
        }

        lines.Add($"  code: {refused.Code}");
        return string.Join(Environment.NewLine, lines);
    }
}
