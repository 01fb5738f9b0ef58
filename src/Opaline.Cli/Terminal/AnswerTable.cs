using System.Globalization;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Cli.Terminal;

/// <summary>An answer as a table with margins, and what it cost.</summary>
internal static class AnswerTable
{
    public static void Write(IAnsiConsole console, AnswerDocument answer)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        // What is shown is in the rows: it need not be all that the plan released.
        string[] keys = [.. answer.Rows.SelectMany(r => r.Keys.Keys).Distinct(StringComparer.Ordinal)];
        string[] columns = [.. answer.Rows.SelectMany(r => r.Values.Keys).Distinct(StringComparer.Ordinal)];
        foreach (string key in keys)
            table.AddColumn(Markup.Escape(key));
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (AnswerRowDocument row in answer.Rows)
        {
            table.AddRow(
            [
                .. keys.Select(k => Markup.Escape(row.Keys.GetValueOrDefault(k) ?? "(none)")),
                .. columns.Select(c => Text(row.Values.GetValueOrDefault(c))),
            ]);
        }

        console.Write(table);
        console.MarkupLineInterpolated($"± is the 95 % interval. As of {answer.AsOf:u}, privacy unit {answer.Plan.Unit}, zone {answer.Plan.TimeZone}");
        WriteCost(console, answer.Cost, answer.Replayed ? "answered from an earlier release:" : "cost");
        console.Write(AccountTable.Of(answer.Accounts));
    }

    public static void WritePlan(IAnsiConsole console, DryRunDocument dryRun)
    {
        PlanDocument plan = dryRun.Plan;
        console.MarkupLineInterpolated($"{plan.Dataset} {plan.From:u} to {plan.To:u}, {(plan.Cells is { } cells ? $"{cells} cells" : "privately selected cells")}, {plan.Mechanism}");
        console.MarkupLineInterpolated(
            $"each {plan.Unit} counts in at most {plan.Contribution.Groups} groups with at most {plan.Contribution.RowsPerGroup} rows each");
        foreach (PlanMeasureDocument measure in plan.Measures)
        {
            console.MarkupLineInterpolated(measure.Margin is { } margin
                ? (FormattableString)$"{measure.Name}: ± {Number(margin)} (95 %)"
                : $"{measure.Name}: the margin comes with the answer");
        }

        WriteCost(console, dryRun.Cost, "would cost");
        console.Write(AccountTable.Of(dryRun.Accounts));
    }

    private static void WriteCost(IAnsiConsole console, CostDocument cost, string verb) =>
        console.MarkupLine(Markup.Escape(string.Create(
            CultureInfo.InvariantCulture, $"{verb} ρ {cost.NanoRho / 1e9:0.000000} (ε {cost.Epsilon:0.###} at δ {cost.Delta:0.#e+0})")));

    private static string Text(AnswerValueDocument? value) => value switch
    {
        { Margin: { } margin } => $"{Number(value.Value)} ± {Number(margin)}",
        { Low: { } low, High: { } high } => $"{Number(value.Value)} ({Number(low)} … {Number(high)})",
        { } => Number(value.Value),
        null => "",
    };

    private static string Number(decimal number) =>
        number.ToString(Math.Abs(number) >= 100 || number == Math.Truncate(number) ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
