using System.Globalization;
using System.Text;
using Opaline.LoadTest.Measurements;
using Spectre.Console;

namespace Opaline.LoadTest;

/// <summary>The figures, for the terminal and for docs/PERFORMANCE.md.</summary>
internal static class Report
{
    private static readonly string[] RateColumns = ["events a batch", "connections", "durable events/s", "p50 ms", "p95 ms", "p99 ms"];
    private static readonly string[] LatencyColumns = ["question", "p50 ms", "p95 ms", "longest ms", "asked"];

    public static Table RateTable(IEnumerable<SendRate> rates) => Table(RateColumns, rates.Select(Cells));

    public static Table LatencyTable(IEnumerable<QuestionLatency> latencies) => Table(LatencyColumns, latencies.Select(Cells));

    public static string Markdown(string machine, long stored, IEnumerable<SendRate> rates, IEnumerable<QuestionLatency> latencies)
    {
        StringBuilder text = new();
        text.Append(machine).Append(".\n\n");
        Rows(text, RateColumns, rates.Select(Cells));
        text.Append(CultureInfo.InvariantCulture, $"\nOver at least {stored:#,0} stored events:\n\n");
        Rows(text, LatencyColumns, latencies.Select(Cells));
        return text.ToString();
    }

    public static string Markdown(string[] columns, IEnumerable<string[]> rows)
    {
        StringBuilder text = new();
        Rows(text, columns, rows);
        return text.ToString();
    }

    private static string[] Cells(SendRate rate) =>
    [
        Text(rate.BatchSize), Text(rate.Connections), Text(rate.EventsPerSecond),
        Text(At(rate.Latencies, 0.5)), Text(At(rate.Latencies, 0.95)), Text(At(rate.Latencies, 0.99)),
    ];

    private static string[] Cells(QuestionLatency latency) =>
    [
        latency.What, Text(At(latency.Latencies, 0.5)), Text(At(latency.Latencies, 0.95)), Text(At(latency.Latencies, 1)), Text(latency.Latencies.Count),
    ];

    private static double At(IReadOnlyList<TimeSpan> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))].TotalMilliseconds;

    private static string Text(double number) => number.ToString(number >= 100 || number == Math.Truncate(number) ? "#,0" : "0.0", CultureInfo.InvariantCulture);

    private static Table Table(string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (string[] row in rows)
            table.AddRow(row);
        return table;
    }

    private static void Rows(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Append(string.Concat(Enumerable.Repeat("---:|", columns.Length))).Append('\n');
        foreach (string[] row in rows)
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
    }
}
