using System.Globalization;
using Opaline.Catalog;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Client.Samples;
using Spectre.Console;

namespace Opaline.Server.Demo;

/// <summary>Declares fields, sends generated events, asks four questions and prints the answers. All of it over HTTP.</summary>
internal sealed class DemoRunner(DemoClients clients, IAnsiConsole console, TimeProvider time)
{
    private const int Events = 100_000;
    private const int People = 20_000;
    private const string Dataset = EventsDataset.Name;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        await DeclareAsync(cancellationToken);
        await SendAsync(now, cancellationToken);
        await WaitForTickAsync(time.GetUtcNow().UtcDateTime, cancellationToken);

        IReadOnlyList<DemoQuestion> questions = DemoQuestion.All(now);
        List<(DemoQuestion Question, AnswerDocument Answer)> answers = [];
        foreach (DemoQuestion question in questions)
            answers.Add((question, await clients.Analyst.QueryAsync(question.Query, new AskOptions(Fresh: true), cancellationToken)));
        console.Write(DemoTable.Of(answers));
        AnswerDocument again = await clients.Analyst.QueryAsync(questions[0].Query, cancellationToken: cancellationToken);
        WriteAccounts(answers.Sum(a => a.Answer.Cost.NanoRho), again);
    }

    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        DatasetDocument dataset = await clients.Admin.FindDatasetAsync(Dataset, cancellationToken)
            ?? throw new DemoException($"The built-in dataset {Dataset} is not there.");
        Dictionary<string, FieldDocument> known = dataset.Fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        FieldDeclarationDocument[] missing = [.. DemoQuestion.Fields.Where(f => !known.ContainsKey(f.Name))];
        if (missing.Length > 0)
            await clients.Admin.AddFieldsAsync(Dataset, missing, cancellationToken);
        foreach (FieldDeclarationDocument field in DemoQuestion.Fields.Where(f => known.GetValueOrDefault(f.Name) is { State: not "confirmed" }))
        {
            // It came in traffic before: what a detector suggested is now said by an admin.
            FieldChangeDocument change = new()
            {
                State = "confirmed",
                Role = field.Role,
                Treatment = field.Treatment,
                Domain = field.Domain,
                Measure = field.Measure,
            };
            await clients.Admin.ChangeFieldAsync(Dataset, field.Name, change, cancellationToken);
        }

        console.MarkupLineInterpolated($"Declared {string.Join(", ", DemoQuestion.Fields.Select(f => f.Name))}; all other text is sealed or tokenized.");
    }

    private async Task SendAsync(DateTime now, CancellationToken cancellationToken)
    {
        RowStreamResult sent = await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(string.Create(CultureInfo.InvariantCulture, $"Sending {Events:#,0} events of up to {People:#,0} people"), maxValue: Events);
                return await clients.Ingest.StreamRowsAsync(
                    Dataset,
                    SampleEvents.MakeAsync(Events, People, now.AddDays(-30), now, cancellationToken),
                    progress: new TaskProgress(task),
                    cancellationToken: cancellationToken);
            });
        if (sent.Rejected > 0)
            throw new DemoException(string.Create(CultureInfo.InvariantCulture, $"{sent.Rejected} events were rejected: {sent.Errors[0].Reason}"));
    }

    /// <summary>Rows take effect at public ticks; one after the last receipt shows them all.</summary>
    private async Task WaitForTickAsync(DateTime sent, CancellationToken cancellationToken)
    {
        await console.Status().StartAsync("Waiting for the next public tick, at which the events take effect", async _ =>
        {
            while ((await clients.Analyst.GetBudgetAsync(Dataset, cancellationToken: cancellationToken)).AsOf <= sent)
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
        });
    }

    private void WriteAccounts(long spent, AnswerDocument again)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        console.MarkupLine(Markup.Escape(string.Create(
            invariant, $"Spent ρ {spent / 1e9:0.0000} in all. The first question asked again: the same numbers, cost {again.Cost.NanoRho / 1e9:0}.")));
        foreach (AccountDocument account in again.Accounts)
        {
            console.MarkupLine(Markup.Escape(string.Create(
                invariant, $"  {account.Kind} {account.Name}: ρ {account.LeftNanoRho / 1e9:0.0000} of {account.LimitNanoRho / 1e9:0.0000} left"))
                + (account.WindowEnds is { } ends ? Markup.Escape(string.Create(invariant, $", refilled {ends:yyyy-MM-dd}")) : ""));
        }
    }

    private sealed class TaskProgress(ProgressTask task) : IProgress<RowStreamResult>
    {
        public void Report(RowStreamResult value) => task.Value = value.Answered;
    }
}
