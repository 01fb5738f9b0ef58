using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>What a plan says about itself.</summary>
internal static class PlanSummaries
{
    // Sizes of groups for which plans say how likely they are to be told.
    private static readonly long[] GroupSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

    public static PlanSummary Of(QueryPlan plan)
    {
        bool distinct = plan.Measures.All(m => m.Components.All(c => c.Spans));
        HashSet<Component> told = new(ReferenceEqualityComparer.Instance);
        return new PlanSummary(
            plan.Dataset.Name,
            plan.Dataset.Version,
            plan.HashText,
            Word(plan.Dataset.Unit),
            plan.Calendar.Zone.Id,
            plan.Range.From,
            plan.Range.To,
            plan.RangeOrigin == RangeOrigin.LastPeriods ? "last_30_periods" : plan.RangeDeclared ? "declared_range" : "request",
            [.. Of(plan.Keys)],
            plan.Cells,
            distinct ? plan.Nesting.SpanKappa : plan.Nesting.Kappa,
            plan.RowsPerGroup,
            plan.BoundsSetBy,
            plan.Ordinals is null && (distinct ? plan.Nesting.SpanRanked : plan.Nesting.Ranked),
            plan.Mechanism,
            [.. plan.Measures.Select(m => Of(m, told))],
            plan.Selection is { } selection ? Of(selection) : null,
            plan.Blocks.Count)
        {
            Truncation = plan.Ordinals is null ? "nested" : "ordinals",
            GroupsPerWindow = plan.Ordinals?.RowBounds.GroupsKept,
            RowsPerWindow = plan.Ordinals?.RowBounds.RowsKeptPerWindow,
            RowsPerSide = plan.Source.MaxPerSide,
        };
    }

    /// <summary>The name of a unit.</summary>
    public static string Word(PrivacyUnit unit) => unit switch
    {
        PrivacyUnit.Subject => "subject",
        PrivacyUnit.SubjectPerDay => "subject_per_day",
        PrivacyUnit.SubjectPerWeek => "subject_per_week",
        PrivacyUnit.SubjectPerMonth => "subject_per_month",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>What a plan says of its keys.</summary>
    public static IEnumerable<KeySummary> Of(ImmutableArray<PlannedKey> keys) => keys.Select(Of);

    private static KeySummary Of(PlannedKey key) => new(
        key.Name, key is PlannedPeriodKey ? "period" : key.Values is null ? "private_selection" : "public_domain", key.Values);

    // What measures share is told as a cost of the first one.
    private static MeasureSummary Of(PlannedMeasure measure, HashSet<Component> told)
    {
        ImmutableArray<ComponentSummary> components = [.. measure.Components.Select(c => Of(c, told.Add(c)))];
        return Of(measure, components);
    }

    private static MeasureSummary Of(PlannedMeasure measure, ImmutableArray<ComponentSummary> components) => new(
        measure.Name,
        measure.Function,
        measure.Field,
        measure.Grid is { } grid ? new ClampRange(grid.LowerValue, grid.UpperValue) : null,
        measure.Grid?.Granularity ?? 1m,
        components.Sum(c => c.NanoRho),
        components,
        measure.HalfWidth * measure.Step)
    {
        Labels = measure.Labels,
    };

    private static ComponentSummary Of(Component component, bool first) => new(
        component.Shape.Name,
        component.Sensitivity.L0,
        component.Sensitivity.MaxChange,
        component.Sensitivity.L1,
        component.Sensitivity.SquaredL2,
        component.Noise.Text,
        component.Noise.Sigma,
        first ? component.Cost.Value : 0);

    private static SelectionSummary Of(KeySelection selection) => new(
        selection.Threshold is null ? "truncated_geometric" : "gaussian_threshold",
        selection.Threshold,
        selection.Component.Scale?.Sigma,
        (int)selection.Rule.LeastUnits,
        selection.IsMeasure ? 0 : selection.Component.Cost.Value,
        (double)selection.Delta.Value / 1e18,
        [.. GroupSizes.Select(n => new SurvivalOdds(n, Math.Clamp(selection.Rule.KeepProbability(n), 0, 1)))]);
}
