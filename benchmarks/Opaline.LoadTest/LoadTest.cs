using System.Globalization;
using System.Runtime.InteropServices;
using Opaline.EndToEnd.Tests.Servers;
using Opaline.LoadTest.Measurements;
using Spectre.Console;

namespace Opaline.LoadTest;

/// <summary>The whole run, in order: rates of sending, then questions over what was sent.</summary>
internal static class LoadTest
{
    private static readonly int[] BatchSizes = [1_000, 100];

    public static async Task RunAsync(LoadTestOptions options, CancellationToken cancellationToken)
    {
        if (Checkout.Configuration != "Release")
            AnsiConsole.MarkupLine("[yellow]This is a debug build: run with -c Release for figures that mean something.[/]");
        using TemporaryFolder folder = new();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, arguments: ["--Opaline:Storage:TickSeconds=1"]);

        List<SendRate> rates = [];
        foreach (int size in BatchSizes)
        {
            EventBatches batches = await EventBatches.MakeAsync(size, cancellationToken);
            // Not measured: the first batches pay for compilation and for the dictionary's first people.
            await SendRate.MeasureAsync(server, batches, 4, TimeSpan.FromSeconds(5), cancellationToken);
            foreach (int connections in options.Connections)
                rates.Add(await SendRate.MeasureAsync(server, batches, connections, options.Duration, cancellationToken));
        }

        long stored = await Filling.FillAsync(server, options.Rows, cancellationToken);
        IReadOnlyList<QuestionLatency> latencies = await QuestionLatency.MeasureAsync(server, cancellationToken);

        string report = Report.Markdown(Machine(), stored, rates, latencies);
        AnsiConsole.Write(Report.RateTable(rates));
        AnsiConsole.Write(Report.LatencyTable(latencies));
        Console.Out.WriteLine(report);
        if (options.Markdown is { } file)
            await File.WriteAllTextAsync(file.FullName, report, cancellationToken);
        await server.StopAsync();
    }

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}, {Checkout.Configuration} build, client and server on the same machine");
}
