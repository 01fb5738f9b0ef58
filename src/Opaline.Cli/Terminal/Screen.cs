using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Terminal;

/// <summary>Results go to standard output, as tables or JSON; everything else to standard error, so that output can be piped.</summary>
internal sealed class Screen
{
    private static readonly JsonSerializerOptions Indented = new(OpalineJson.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(OpalineJson.Resolver, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>Width of tables that go into a file or a pipe.</summary>
    private const int PipeWidth = 160;

    private readonly IAnsiConsole _results = Results();
    private readonly IAnsiConsole _notes = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Whether results are to be JSON.</summary>
    public required bool Json { get; init; }

    /// <summary>Whether somebody can answer questions.</summary>
    public bool Interactive => !Json && !Console.IsInputRedirected && _notes.Profile.Capabilities.Interactive;

    /// <summary>Shows a result.</summary>
    public void Show<T>(T result, Action<IAnsiConsole> table)
    {
        if (Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(result, Indented));
        else
            table(_results);
    }

    /// <summary>One bare line of output.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    public void Note(string text)
    {
        if (!Json)
            Console.Error.WriteLine(text);
    }

    /// <summary>What must be known, even where results are JSON.</summary>
    public void Warn(string text)
    {
        _notes.Markup("[yellow]warning:[/] ");
        Console.Error.WriteLine(text);
    }

    public void Error(string text)
    {
        _notes.Markup("[red]opaline:[/] ");
        Console.Error.WriteLine(text);
    }

    public string Ask(string question) => _notes.Prompt(new TextPrompt<string>(question));

    public string AskSecret(string question) => _notes.Prompt(new TextPrompt<string>(question).Secret());

    public bool Confirm(string question) => _notes.Prompt(new ConfirmationPrompt(question) { DefaultValue = false });

    /// <summary>Runs work under a progress bar.</summary>
    /// <param name="title">What is going on.</param>
    /// <param name="work">Given how to report: the share that is done, 0 to 1.</param>
    public async Task<T> WithProgressAsync<T>(string title, Func<Action<double, string>, Task<T>> work)
    {
        if (Json)
            return await work((_, _) => { });
        return await _notes.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
                T result = await work((share, text) =>
                {
                    task.Value = Math.Min(share, 1);
                    task.Description = Markup.Escape($"{title}: {text}");
                });
                task.Value = 1;
                return result;
            });
    }

    private static IAnsiConsole Results()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = PipeWidth;
        return console;
    }
}
