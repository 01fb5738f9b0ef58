using System.CommandLine;
using System.Text.Json;
using Opaline.Cli.Terminal;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Cli.Commands;

/// <summary><c>opaline query</c>: asks a question in its JSON form or for a metric.</summary>
internal static class QueryCommand
{
    private static readonly Argument<string?> Query = new("query")
    {
        Description = "The JSON query, @FILE, or - for standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Metric = new("--metric") { Description = "A declared metric, or <action>_count.", HelpName = "NAME" };
    private static readonly Option<string?> Period = new("--period") { Description = "hourly, daily, weekly or monthly." };
    private static readonly Option<string?> Dataset = new("--dataset") { Description = "Dataset of the metric (default: events).", HelpName = "NAME" };
    private static readonly Option<string?> From = new("--from") { Description = "Start of the range.", HelpName = "TIME" };
    private static readonly Option<string?> To = new("--to") { Description = "End of the range.", HelpName = "TIME" };
    private static readonly Option<string?> Zone = new("--tz") { Description = "IANA zone of the periods.", HelpName = "ZONE" };
    private static readonly Option<string?> GroupBy = new("--group-by") { Description = "A further dimension.", HelpName = "FIELD" };
    private static readonly Option<double?> Epsilon = new("--epsilon") { Description = "What to spend." };
    private static readonly Option<double?> Error = new("--error") { Description = "The margin to aim at." };
    private static readonly Option<bool> Fresh = new("--fresh") { Description = "A new, charged release even if there is a young one." };
    private static readonly Option<int?> MaxAge = new("--max-age") { Description = "How old a release of the same plan may be, in seconds.", HelpName = "SECONDS" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Plan and price only; spends nothing." };
    private static readonly Option<string?> Role = new("--role") { Description = "As whom (default: analyst).", HelpName = "ROLE" };

    public static Command Create() =>
        new Command("query", "Asks a private question: opaline query --metric login_count --period daily")
        {
            Query, Metric, Period, Dataset, From, To, Zone, GroupBy, Epsilon, Error, Fresh, MaxAge, DryRun, Role,
        }.Does(RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] roles = parsed.GetValue(Role) is { } role ? [role] : ["analyst", "admin"];
        OpalineClient client = session.Client(roles);
        string? query = parsed.GetValue(Query);
        string? metric = parsed.GetValue(Metric);
        if ((query is null) == (metric is null))
            throw new UsageException("Give either a JSON query or --metric NAME.");
        if (query is null && parsed.GetValue(DryRun))
            throw new UsageException("--dry-run needs a JSON query.");

        if (parsed.GetValue(DryRun))
        {
            DryRunDocument plan = await client.DryRunAsync(await ReadAsync(query!, cancellationToken), cancellationToken);
            session.Screen.Show(plan, console => AnswerTable.WritePlan(console, plan));
            return ExitCode.Ok;
        }

        if (parsed.GetValue(MaxAge) is < 0)
            throw new UsageException("--max-age is a number of seconds, at least 0.");
        AskOptions options = new(parsed.GetValue(Fresh), parsed.GetValue(MaxAge) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        AnswerDocument answer = query is not null
            ? await client.QueryAsync(await ReadAsync(query, cancellationToken), options, cancellationToken)
            : await client.AggregateAsync(
                new AggregateRequest(metric!)
                {
                    Period = parsed.GetValue(Period),
                    Dataset = parsed.GetValue(Dataset),
                    From = parsed.GetValue(From),
                    To = parsed.GetValue(To),
                    TimeZone = parsed.GetValue(Zone),
                    GroupBy = parsed.GetValue(GroupBy),
                    Epsilon = parsed.GetValue(Epsilon),
                    Error = parsed.GetValue(Error),
                    Options = options,
                },
                cancellationToken);
        session.Screen.Show(answer, console => AnswerTable.Write(console, answer));
        return ExitCode.Ok;
    }

    private static async Task<JsonElement> ReadAsync(string query, CancellationToken cancellationToken)
    {
        string text = query switch
        {
            "-" => await Console.In.ReadToEndAsync(cancellationToken),
            ['@', .. var path] => await File.ReadAllTextAsync(path, cancellationToken),
            _ => query,
        };
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            throw new UsageException($"The query is not JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}).", broken);
        }
    }
}
