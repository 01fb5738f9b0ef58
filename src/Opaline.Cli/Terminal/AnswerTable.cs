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
        foreach (string key in answer.Plan.Keys)
            table.AddColumn(Markup.Escape(key));
        foreach (PlanMeasureDocument measure in answer.Plan.Measures)
            table.AddColumn(new TableColumn(Markup.Escape(measure.Name)).RightAligned());
        foreach (AnswerRowDocument row in answer.Rows)
        {
            table.AddRow(
            [
                .. answer.Plan.Keys.Select(k => Markup.Escape(row.Keys.GetValueOrDefault(k) ?? "(none)")),
                .. answer.Plan.Measures.Select(m => Text(row.Values.GetValueOrDefault(m.Name))),
            ]);
        }

        console.Write(table);
        console.MarkupLineInterpolated($"± at {answer.Plan.Confidence:P0} confidence, as of {answer.AsOf:u}, unit {answer.Plan.Unit}, zone {answer.Plan.TimeZone}");
        WriteCost(console, answer.Cost, answer.Replayed ? "replayed: free now; the release cost" : "cost");
        console.Write(AccountTable.Of(answer.Accounts));
    }

    public static void WritePlan(IAnsiConsole console, DryRunDocument dryRun)
    {
        PlanDocument plan = dryRun.Plan;
        console.MarkupLineInterpolated($"{plan.Dataset} {plan.From:u} to {plan.To:u}, {plan.Cells} cells ({plan.KeySource} keys), {plan.Mechanism}");
        console.MarkupLineInterpolated(
            $"each {plan.Unit} counts in at most {plan.Contribution.Groups} groups with at most {plan.Contribution.RowsPerGroup} rows each");
        foreach (PlanMeasureDocument measure in plan.Measures)
        {
            console.MarkupLineInterpolated(measure.Margin is { } margin
                ? (FormattableString)$"{measure.Name}: ± {Number(margin)} at {plan.Confidence:P0} confidence"
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
        { Value: { } number, Margin: { } margin } => $"{Number(number)} ± {Number(margin)}",
        { Value: { } number } => Number(number),
        _ => "(too noisy)",
    };

    private static string Number(double number) =>
        number.ToString(Math.Abs(number) >= 100 || number == Math.Truncate(number) ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
