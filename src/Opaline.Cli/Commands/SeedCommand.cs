using System.CommandLine;
using System.Globalization;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Samples;
using Spectre.Console;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline seed</c>: generated events, to have something to ask about.</summary>
internal static class SeedCommand
{
    public static Command Create()
    {
        Option<int> count = Number("--count", "How many events.", 100_000, 100_000_000);
        Option<int> people = Number("--people", "Of how many people.", 20_000, 10_000_000);
        Option<int> days = Number("--days", "Over how many days up to now.", 30, 3_650);
        return new Command("seed", "Sends generated events to the built-in dataset.") { count, people, days }
            .Does((session, parsed, cancellationToken) => RunAsync(
                session, parsed.GetValue(count), parsed.GetValue(people), parsed.GetValue(days), cancellationToken));
    }

    private static async Task<int> RunAsync(Session session, int count, int people, int days, CancellationToken cancellationToken)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        OpalineClient client = session.Client("ingest", "admin");
        RowStreamResult result = await session.Screen.WithProgressAsync("Sending generated events", report =>
            client.StreamRowsAsync(
                "events",
                SampleEvents.MakeAsync(count, people, now.AddDays(-days), now, cancellationToken),
                progress: new ImmediateProgress<RowStreamResult>(sent => report(
                    (double)sent.Answered / count, string.Create(CultureInfo.InvariantCulture, $"{sent.Answered:#,0} of {count:#,0}"))),
                cancellationToken: cancellationToken));
        session.Screen.Show(new { result.Accepted, result.Rejected, result.Errors }, console =>
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Accepted:#,0} events accepted, {result.Rejected:#,0} rejected.")));
        return result.Rejected == 0 ? ExitCode.Ok : ExitCode.Incomplete;
    }

    private static Option<int> Number(string name, string description, int byDefault, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<int>() is < 1 || parsed.GetValueOrDefault<int>() > most)
                parsed.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be between 1 and {most}."));
        });
        return option;
    }
}
