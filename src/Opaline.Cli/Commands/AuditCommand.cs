using System.CommandLine;
using System.Globalization;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        Option<string?> actor = new("--actor") { Description = "Only what this caller did.", HelpName = "ID" };
        Option<string?> action = new("--action") { Description = "Only this action, such as data_access.", HelpName = "NAME" };
        Option<DateTime?> from = new("--from") { Description = "Not before this time (UTC).", HelpName = "TIME", CustomParser = Time };
        Option<DateTime?> to = new("--to") { Description = "Before this time (UTC).", HelpName = "TIME", CustomParser = Time };
        Option<int> limit = new("--limit") { Description = "Most records (1 to 1000).", DefaultValueFactory = _ => 50 };
        Option<string?> cursor = new("--cursor") { Description = "Where the last page ended." };
        return new Command("audit", "Searches the audit log, newest first.") { actor, action, from, to, limit, cursor }
            .Does(async (session, parsed, cancellationToken) =>
            {
                AuditPageDocument page = await session.Client("auditor", "admin").SearchAuditAsync(
                    new AuditSearch
                    {
                        Actor = parsed.GetValue(actor),
                        Action = parsed.GetValue(action),
                        From = parsed.GetValue(from),
                        To = parsed.GetValue(to),
                        Limit = parsed.GetValue(limit),
                        Cursor = parsed.GetValue(cursor),
                    },
                    cancellationToken);
                session.Screen.Show(page, console => Write(console, page));
                return ExitCode.Ok;
            });
    }

    private static DateTime? Time(System.CommandLine.Parsing.ArgumentResult parsed)
    {
        if (DateTime.TryParse(
            parsed.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time))
        {
            return time;
        }

        parsed.AddError($"{parsed.Argument.Name} must be a time, such as 2024-01-15 or 2024-01-15T10:30:00Z.");
        return null;
    }

    private static void Write(IAnsiConsole console, AuditPageDocument page)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in (string[])["seq", "at", "actor", "role", "action", "object", "outcome"])
            table.AddColumn(column);
        foreach (AuditRecordDocument record in page.Records)
        {
            table.AddRow(
                record.Seq.ToString(CultureInfo.InvariantCulture),
                record.At.ToString("u", CultureInfo.InvariantCulture),
                Markup.Escape(record.Actor),
                Markup.Escape(record.Role ?? ""),
                Markup.Escape(record.Action),
                Markup.Escape(record.Object),
                Markup.Escape(record.Outcome));
        }

        console.Write(table);
        if (page.NextCursor is { } next)
            console.MarkupLineInterpolated($"More: --cursor {next}");
    }
}
