using System.Globalization;
using Opaline.Analytics;
using Opaline.Client.Contracts;

namespace Opaline.Server.Documents;

/// <summary>From plans and costs to their documents.</summary>
internal static class PlanDocuments
{
    public static DryRunDocument Write(QueryPlanView view) => new(
        Write(view.Plan), Write(view.Cost), AccountDocuments.Write(view.Cost.Accounts), view.Affordable, view.ReplayAvailable)
    {
        LargestEpsilon = view.LargestEpsilon,
        LargestDelta = view.LargestDelta,
        RollUpFrom = view.RollUpFrom,
    };

    public static CostDocument Write(AnswerCost cost) =>
        new(cost.NanoRho, cost.Epsilon, cost.Delta, AccountDocuments.Delta(cost.AttoDelta));

    public static PlanDocument Write(PlanSummary plan) => new(
        plan.PlanHash,
        plan.Dataset,
        plan.SchemaVersion,
        plan.Unit,
        plan.TimeZone,
        plan.From,
        plan.To,
        plan.RangeSetBy,
        [.. plan.Keys.Select(k => new PlanKeyDocument(k.Name, k.Source, k.Values))],
        plan.Cells,
        new ContributionDocument(plan.Groups, plan.RowsPerGroup),
        plan.BoundsSetBy,
        plan.Ranked,
        Words.Of(plan.Mechanism),
        [.. plan.Measures.Select(Write)],
        plan.Selection is { } selection ? Write(selection) : null,
        plan.Blocks)
    {
        Truncation = plan.Truncation,
        GroupsPerWindow = plan.GroupsPerWindow,
        RowsPerWindow = plan.RowsPerWindow,
        RowsPerSide = plan.RowsPerSide,
    };

    private static PlanSelectionDocument Write(SelectionSummary selection) => new(
        selection.Rule,
        selection.Threshold,
        selection.Sigma,
        selection.MinimumUnits,
        selection.NanoRho,
        selection.Delta,
        [.. selection.Odds.Select(o => new SurvivalOddsDocument(o.Units, o.Probability))]);

    private static PlanMeasureDocument Write(MeasureSummary measure) => new(
        measure.Name,
        Words.Of(measure.Function),
        measure.Field,
        measure.Clamp is { } clamp ? [clamp.Lower, clamp.Upper] : null,
        measure.Granularity,
        measure.NanoRho,
        [.. measure.Components.Select(Write)],
        measure.Margin95,
        [.. measure.Columns]);

    private static PlanComponentDocument Write(ComponentSummary component) => new(
        component.Name,
        component.Groups,
        component.MaxChange.ToString(CultureInfo.InvariantCulture),
        component.L1Sensitivity.ToString(CultureInfo.InvariantCulture),
        component.SquaredL2Sensitivity.ToString(CultureInfo.InvariantCulture),
        component.SigmaSquared,
        component.Sigma,
        component.NanoRho);
}
