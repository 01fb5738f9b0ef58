using System.Globalization;
using Opaline.Client.Contracts;
using Spectre.Console;

namespace Opaline.Server.Demo;

/// <summary>The demo's answers as one table.</summary>
internal static class DemoTable
{
    public static Table Of(IReadOnlyList<(DemoQuestion Question, AnswerDocument Answer)> answers)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Four questions, answered with differential privacy");
        table.AddColumn("question");
        table.AddColumn("of");
        table.AddColumn(new TableColumn("answer ± 95 % margin").RightAligned());
        table.AddColumn(new TableColumn("cost").RightAligned());
        foreach ((DemoQuestion question, AnswerDocument answer) in answers)
        {
            if (table.Rows.Count > 0)
                table.AddEmptyRow();
            string title = question.Title;
            string cost = string.Create(CultureInfo.InvariantCulture, $"ρ {answer.Cost.NanoRho / 1e9:0.0000} (ε {answer.Cost.Epsilon:0.##})");
            foreach (AnswerRowDocument row in answer.Rows)
            {
                table.AddRow(Markup.Escape(title), Markup.Escape(row.Keys[question.Key] ?? "(none)"), Text(row.Values["value"]), Markup.Escape(cost));
                (title, cost) = ("", "");
            }
        }

        return table;
    }

    private static string Text(AnswerValueDocument value)
    {
        // The interval of a mean is not symmetric; its wider half is the honest margin.
        decimal margin = value.Margin ?? Math.Max(value.Value - value.Low!.Value, value.High!.Value - value.Value);
        string format = value.Margin is null ? "#,0.00" : "#,0";
        return $"{value.Value.ToString(format, CultureInfo.InvariantCulture)} ± {margin.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
