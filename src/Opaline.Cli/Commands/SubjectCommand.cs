using System.CommandLine;
using System.Globalization;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline subject</c>: what a person may ask for.</summary>
internal static class SubjectCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create() => new("subject", "Serves a person's requests: lookup, show, reveals, export, erase.")
    {
        LookUp(), Show(), Reveals(), Export(), Erase(),
    };

    private static Argument<string> Id() => new("subject") { Description = "The opaque id, from 'opaline subject lookup'.", HelpName = "ID" };

    private static Command LookUp()
    {
        Option<string?> dataset = new("--dataset") { Description = "Dataset whose people are meant (default: events).", HelpName = "NAME" };
        Option<string?> identifier = new("--identifier")
        {
            Description = "The raw identifier; it is asked for if absent, so that it stands in no shell history.",
            HelpName = "TEXT",
        };
        return new Command("lookup", "Turns a raw identifier into an opaque id.") { identifier, dataset }
            .Does(async (session, parsed, cancellationToken) =>
            {
                string raw = parsed.GetValue(identifier)
                    ?? (session.Screen.Interactive ? session.Screen.AskSecret("Identifier:") : throw new UsageException("Name the person with --identifier."));
                LookupDocument found = await session.Client("admin").LookUpSubjectAsync(new LookupRequestDocument(raw, parsed.GetValue(dataset)), cancellationToken);
                session.Screen.Show(found, _ => Screen.Line(found.SubjectId ?? ""));
                return found.SubjectId is null ? ExitCode.Refused : ExitCode.Ok;
            });
    }

    private static Command Show()
    {
        Argument<string> id = Id();
        return new Command("show", "Lists the tokens of what a person has.") { id }
            .Does(async (session, parsed, cancellationToken) =>
            {
                SubjectDocument subject = await session.Client("admin").FindSubjectAsync(parsed.GetRequiredValue(id), cancellationToken)
                    ?? throw new UsageException("Nobody of this opaque id is known.");
                session.Screen.Show(subject, console => Write(console, ["field", "token"], subject.Tokens.Select(t => (string[])[t.Field ?? "", t.Token])));
                return ExitCode.Ok;
            });
    }

    private static Command Reveals()
    {
        Argument<string> id = Id();
        return new Command("reveals", "Tells who saw a person's values.") { id }
            .Does(async (session, parsed, cancellationToken) =>
            {
                SubjectRevealsDocument found = await session.Client("auditor", "admin").GetRevealsAsync(parsed.GetRequiredValue(id), cancellationToken);
                session.Screen.Show(found, console => Write(
                    console,
                    ["at", "actor", "action", "field", "reason"],
                    found.Reveals.Select(r => (string[])[r.At.ToString("u", CultureInfo.InvariantCulture), r.Actor, r.Action, r.Field ?? "", r.Reason ?? ""])));
                return ExitCode.Ok;
            });
    }

    private static Command Export()
    {
        Argument<string> id = Id();
        Option<string> reason = new("--reason") { Description = "Why, for the audit log.", HelpName = "TEXT", Required = true };
        Option<string> format = new("--format") { Description = "json or csv.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "csv");
        Option<FileInfo> file = new("--out") { Description = "File to write; it must not be there yet.", HelpName = "FILE", Required = true };
        return new Command("export", "Writes everything about a person to a file.") { id, reason, format, file }
            .Does(async (session, parsed, cancellationToken) =>
            {
                FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
                if (!OperatingSystem.IsWindows())
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                string path = parsed.GetRequiredValue(file).FullName;
                FileStream destination = new(path, options);
                try
                {
                    await using (destination)
                    {
                        await session.Client("admin").ExportSubjectAsync(
                            parsed.GetRequiredValue(id),
                            new ExportRequestDocument { Reason = parsed.GetRequiredValue(reason), Format = parsed.GetRequiredValue(format) },
                            destination,
                            cancellationToken);
                    }
                }
                catch
                {
                    // A part must not pass for the whole.
                    File.Delete(path);
                    throw;
                }

                session.Screen.Note($"Everything about the person is in {path}, which only you may read.");
                return ExitCode.Ok;
            });
    }

    private static Command Erase()
    {
        Argument<string> id = Id();
        Option<FileInfo?> file = new("--out") { Description = "File for the signed receipt (default: it is printed).", HelpName = "FILE" };
        Option<bool> yes = new("--yes") { Description = "Do not ask back." };
        Option<int> wait = new("--wait") { Description = "Seconds to wait for the receipt.", DefaultValueFactory = _ => 120 };
        return new Command("erase", "Erases a person and gives the signed receipt.") { id, file, yes, wait }
            .Does(async (session, parsed, cancellationToken) =>
            {
                string subject = parsed.GetRequiredValue(id);
                if (!parsed.GetValue(yes) && !(session.Screen.Interactive ? session.Screen.Confirm("Erase this person for good?") : throw new UsageException("Say --yes to erase a person.")))
                    return ExitCode.Cancelled;
                OpalineClient client = session.Client("admin");
                ErasureDocument erasure = await client.EraseSubjectAsync(subject, cancellationToken);
                for (int i = 0; erasure.Receipt is null && i < parsed.GetValue(wait); i++)
                {
                    await Task.Delay(Pause, cancellationToken);
                    erasure = await client.FindErasureAsync(erasure.Id, cancellationToken) ?? throw new UsageException("The server does not know the erasure any more.");
                }

                if (erasure.Receipt is { } receipt && parsed.GetValue(file) is { } target)
                    await File.WriteAllTextAsync(target.FullName, receipt + Environment.NewLine, cancellationToken);
                session.Screen.Show(erasure, _ => Screen.Line(erasure.Receipt ?? $"Erasure {erasure.Id} is {erasure.State}; 'opaline receipt get {erasure.Id}' gives the receipt later."));
                return erasure.Receipt is null ? ExitCode.Incomplete : ExitCode.Ok;
            });
    }

    private static void Write(IAnsiConsole console, string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }
}
