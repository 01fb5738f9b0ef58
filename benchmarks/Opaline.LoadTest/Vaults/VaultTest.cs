using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.EndToEnd.Tests.Servers;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.LoadTest.Vaults;

/// <summary>How many new people a second the token vault takes durably, and what each of them takes of its file: entry, holder and wrapped key, with their indexes.</summary>
internal static class VaultTest
{
    private const int BatchSize = 1_000;
    private const int Writers = 4;
    private const int Parts = 10;

    public static async Task RunAsync(int subjects, FileInfo? markdown, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory, LoggerFactory>();
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(o => o.DataFolder = folder.File("data"));
        services.AddAudit();
        services.AddSingleton<IRootKey>(RootKeyFile.Open(new RootKeyFileOptions { Folder = folder.File("keys") }));
        services.AddTokenVault();
        List<string[]> rows = [];
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            IControlStore store = provider.GetRequiredService<IControlStore>();
            Vault vault = provider.GetRequiredService<Vault>();
            int part = subjects / Parts;
            for (int from = 0; from < subjects; from += part)
            {
                TimeSpan taken = await StoreAsync(vault, store, from, Math.Min(from + part, subjects), cancellationToken);
                rows.Add([Text(from + part), Text(part / taken.TotalSeconds), Text(Process.GetCurrentProcess().WorkingSet64 / 1e6)]);
                Console.Out.WriteLine(string.Join("  ", rows[^1]));
            }
        }

        // Closed, so that the log is folded in.
        long bytes = new DirectoryInfo(folder.File("data")).EnumerateFiles("control.db*").Sum(f => f.Length);
        string report = Report.Markdown(["subjects in the vault", "new subjects/s, durable", "process, MB"], rows)
            + string.Create(CultureInfo.InvariantCulture, $"\n{(double)bytes / subjects:0.0} bytes a subject: {bytes * 10e6 / subjects / 1e9:0.00} GB for 10 million.\n");
        Console.Out.WriteLine(report);
        if (markdown is not null)
            await File.WriteAllTextAsync(markdown.FullName, report, cancellationToken);
    }

    private static async Task<TimeSpan> StoreAsync(Vault vault, IControlStore store, int from, int to, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (to - from + BatchSize - 1) / BatchSize),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                int first = from + (number * BatchSize);
                string[] people = [.. Enumerable.Range(first, Math.Min(BatchSize, to - first)).Select(i => string.Create(CultureInfo.InvariantCulture, $"person.{i:00000000}@example.com"))];
                using VaultBatch batch = await vault.ResolveAsync(Tenant.Default, "subject", people, [], token);
                await store.WriteAsync(
                    transaction =>
                    {
                        batch.Save(transaction);
                        return true;
                    },
                    token);
            });
        return Stopwatch.GetElapsedTime(begun);
    }

    private static string Text(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
