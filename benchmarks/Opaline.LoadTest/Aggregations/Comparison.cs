using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.LoadTest.Aggregations;

/// <summary>A private question beside the plain SQL that its asker would have written instead.</summary>
/// <param name="What">The question.</param>
/// <param name="Way">How contributions are bounded.</param>
/// <param name="Query">The question.</param>
/// <param name="IsSealed">Whether its windows are sealed for it.</param>
/// <param name="Plain">The plain SQL.</param>
internal sealed record Comparison(string What, string Way, Query Query, bool IsSealed, string Plain)
{
    /// <summary>A question whose answer has a row for every day and action.</summary>
    public const string ManyCells = "count by day and action";

    /// <summary>A question whose answer has a row for every day.</summary>
    public const string FewCells = "count of one action by day";

    private static readonly GroupKey Day = new PeriodKey(Period.Day);
    private static readonly GroupKey Action = new ExpressionKey(EventsDataset.Action);

    /// <param name="dataset">The dataset of visits.</param>
    /// <param name="bounds">What keeps at least nine rows of ten where days and actions are told apart.</param>
    public static ImmutableArray<Comparison> Of(Dataset dataset, ContributionBounds bounds)
    {
        string table = EventTable.Name(dataset);
        string action = EventTable.Column(dataset.Find(EventsDataset.Action)!);
        string amount = EventTable.Column(dataset.Find("amount")!);
        const string day = $"CAST({EventTable.Time} AS DATE)";
        ContributionBounds perDay = bounds with { Groups = 31 };
        ContributionBounds perMonth = new(1, bounds.Groups);
        Measure count = new(MeasureFunction.Count);
        Measure sum = new(MeasureFunction.Sum, "amount");
        Measure subjects = new(MeasureFunction.DistinctSubjects);
        string byBoth = $"FROM {table} GROUP BY 1, 2";
        string oneAction = "action_05";
        Expression isOne = Expression.Condition(EventsDataset.Action, Operation.Equal, [Literal.Of(oneAction)]);
        return
        [
            new(ManyCells, "ordinals", Ask(bounds, count, Day, Action), true, $"SELECT {day}, {action}, COUNT(*) {byBoth}"),
            new("sum by day and action", "ordinals", Ask(bounds, sum, Day, Action), true, $"SELECT {day}, {action}, SUM({amount}) {byBoth}"),
            new("distinct subjects by day and action", "ordinals", Ask(bounds, subjects, Day, Action), true, $"SELECT {day}, {action}, COUNT(*) {byBoth}"),
            new(FewCells, "ordinals", Ask(perDay, count, Day) with { Where = [isOne] }, true, $"SELECT {day}, COUNT(*) FROM {table} WHERE {action} = '{oneAction}' GROUP BY 1"),
            new("count by month", "ordinals", Ask(perMonth, count, new PeriodKey(Period.Month)), true, $"SELECT date_trunc('month', {EventTable.Time}), COUNT(*) FROM {table} GROUP BY 1"),
            new("distinct subjects by day", "nesting", Ask(perDay, subjects, Day), false, $"SELECT {day}, COUNT(DISTINCT {EventTable.Subject}) FROM {table} GROUP BY 1"),
            new("count by day", "nesting", Ask(perDay, count, Day), false, $"SELECT {day}, COUNT(DISTINCT {EventTable.Subject}) FROM {table} GROUP BY 1"),
            new(ManyCells, "nesting, ranked", Ask(bounds, count, Day, Action), false, $"SELECT {day}, {action}, COUNT(DISTINCT {EventTable.Subject}) {byBoth}"),
            new("sum by day and action", "nesting, ranked", Ask(bounds, sum, Day, Action), false, $"SELECT {day}, {action}, COUNT(DISTINCT {EventTable.Subject}) {byBoth}"),
        ];
    }

    private static Query Ask(ContributionBounds bounds, Measure measure, params ImmutableArray<GroupKey> keys) =>
        new(EventsDataset.Name, [measure]) { GroupBy = keys, Contribution = bounds, Epsilon = 1 };
}
