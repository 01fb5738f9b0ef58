using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Opaline.Analytics;
using Opaline.Catalog;
using Spectre.Console;

namespace Opaline.LoadTest.Aggregations;

/// <summary>What privacy costs inside the engine, and what planning, ledger, noise and release cost around it.</summary>
internal static class AggregationTest
{
    private const int Warm = 1;
    private const int Rounds = 9;
    private const int FewestRounds = 3;
    private const int WarmAsked = 1_000;
    private const int Asked = 500;

    // A question that takes long is asked less often.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(
        int rows, IReadOnlyList<int> subjects, string? postgres, bool serverOnly, FileInfo? markdown, CancellationToken cancellationToken)
    {
        string[] engines = [.. serverOnly ? (string[])[] : [""], .. postgres is null ? (string[])[] : [postgres]];
        List<string[]> comparisons = [];
        List<string[]> around = [];
        foreach (int people in subjects)
        {
            foreach (string url in engines)
            {
                await using VisitStore store = new(url.Replace("{subjects}", people.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
                string engine = url.Length == 0 ? "DuckDB" : "PostgreSQL";
                (TimeSpan Settling, TimeSpan Sealing)? took = await store.FillAsync(rows, people, cancellationToken);
                ContributionBounds bounds = new(2 * (int)Math.Ceiling(rows / 3.0 / people), 3);
                foreach (Comparison comparison in Comparison.Of(store.Dataset, bounds))
                {
                    string[] line = await CompareAsync(store, comparison, rows, cancellationToken);
                    comparisons.Add([engine, Text(people), .. line]);
                    AnsiConsole.WriteLine(string.Join("  ", comparisons[^1]));
                }

                string[] filling = [engine, Text(people), PerMillion(took?.Settling), PerMillion(took?.Sealing)];
                foreach (Comparison comparison in Comparison.Of(store.Dataset, bounds).Where(c => c.IsSealed && c.What is Comparison.ManyCells or Comparison.FewCells))
                {
                    (int cells, double own, double replay) = await AroundAsync(store, comparison.Query, cancellationToken);
                    around.Add([.. filling, Text(cells), Text(own), Text(replay)]);
                    AnsiConsole.WriteLine(string.Join("  ", around[^1]));
                }
            }
        }

        string PerMillion(TimeSpan? time) => time is { } of ? Text(of.TotalSeconds * 1e6 / rows) : "";
        string report = Report.Markdown(
            ["engine", "subjects", "question", "bounded by", "plain ms", "private ms", "times", "rows kept"], comparisons)
            + "\n" + Report.Markdown(["engine", "subjects", "settling, s a million rows", "sealing, s a million rows", "cells", "planning, ledger, noise, release: p50 ms", "replay: p50 ms"], around);
        Console.Out.WriteLine(report);
        if (markdown is not null)
            await File.WriteAllTextAsync(markdown.FullName, report, cancellationToken);
    }

    // Turn by turn, so that both meet the same machine.
    private static async Task<string[]> CompareAsync(VisitStore store, Comparison comparison, int rows, CancellationToken cancellationToken)
    {
        DateTime sealedThrough = comparison.IsSealed ? await store.Events.SealedThroughAsync(store.Dataset, cancellationToken) : default;
        QueryPlan plan = QueryPlanner.Plan((_, _) => store.Dataset, comparison.Query, new AnalyticsOptions(), EarlierReleases.None, sealedThrough);
        if (plan.Ordinals is not null != comparison.IsSealed || comparison.Way != Way(plan))
            throw new InvalidOperationException($"'{comparison.What}' was to be answered by {comparison.Way}.");
        BoundedAggregation statement = AggregationWriter.Write(plan, store.Lsn, new byte[16], store.Events.Dialect).Single();
        List<double> plain = [];
        List<double> bounded = [];
        BigInteger kept = 0;
        long begun = Stopwatch.GetTimestamp();
        for (int round = -Warm; round < Rounds && (round < FewestRounds || Stopwatch.GetElapsedTime(begun) < Longest); round++)
        {
            (double plainTime, _) = await TimeAsync(store, comparison.Plain, [], cancellationToken);
            (double boundedTime, IReadOnlyList<object?[]> answer) = await TimeAsync(store, statement.Sql, statement.Parameters, cancellationToken);
            if (round < 0)
                continue;
            plain.Add(plainTime);
            bounded.Add(boundedTime);
            kept = answer.Aggregate(BigInteger.Zero, (sum, row) => sum + (row[^1] is BigInteger big ? big : Convert.ToInt64(row[^1], CultureInfo.InvariantCulture)));
        }

        bool counts = comparison.Query.Measures[0].Function == MeasureFunction.Count && comparison.Query.Where.IsEmpty;
        (double before, double now) = (Median(plain), Median(bounded));
        return
        [
            comparison.What, comparison.Way, Text(before), Text(now), (now / before).ToString("0.00", CultureInfo.InvariantCulture),
            counts ? ((double)kept / rows).ToString("P1", CultureInfo.InvariantCulture) : "",
        ];
    }

    private static string Way(QueryPlan plan) => plan switch
    {
        { Ordinals: not null } => "ordinals",
        { Nesting.Ranked: true } => "nesting, ranked",
        _ => "nesting",
    };

    private static async Task<(double Milliseconds, IReadOnlyList<object?[]> Rows)> TimeAsync(
        VisitStore store, string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        IReadOnlyList<object?[]> rows = await store.Events.AggregateAsync(sql, parameters, cancellationToken);
        return (Stopwatch.GetElapsedTime(begun).TotalMilliseconds, rows);
    }

    // What a charged answer takes beside the engine's work, and what one takes that is released already.
    private static async Task<(int Cells, double Own, double Replay)> AroundAsync(VisitStore store, Query query, CancellationToken cancellationToken)
    {
        query = query with { Epsilon = 0.01 };
        int cells = 0;
        long begun = Stopwatch.GetTimestamp();
        List<double> own = [];
        List<double> replay = [];
        for (int i = -WarmAsked; i < Asked && (i < FewestRounds - WarmAsked || Stopwatch.GetElapsedTime(begun) < Longest); i++)
        {
            TimeSpan engine = store.Events.Spent;
            TimeSpan all = await AskAsync(new AskOptions(Fresh: true));
            TimeSpan again = await AskAsync(AskOptions.Default);
            if (i < 0 && Stopwatch.GetElapsedTime(begun) < Longest / 2)
                continue;
            own.Add((all - (store.Events.Spent - engine)).TotalMilliseconds);
            replay.Add(again.TotalMilliseconds);
        }

        return (cells, Median(own), Median(replay));

        async Task<TimeSpan> AskAsync(AskOptions options)
        {
            long asked = Stopwatch.GetTimestamp();
            Answer answer = await store.Queries.AskAsync(VisitStore.Analyst, query, options, cancellationToken);
            TimeSpan taken = Stopwatch.GetElapsedTime(asked);
            cells = answer.Rows.Length;
            return taken;
        }
    }

    private static double Median(List<double> numbers)
    {
        ImmutableArray<double> sorted = [.. numbers.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Text(double number) => number.ToString(number >= 100 || number == Math.Truncate(number) ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
