using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// The canonical bytes of a plan: everything that decides what its answer means, each part with its length, so that no two plans share them. The tick is not
/// among them, so that the plan asked again replays; zones enter as the boundaries that they give.
/// </summary>
internal sealed class PlanBytes
{
    private const string Version = "opaline-plan/4";
    private const string FrameVersion = "opaline-frame/2";

    private readonly ArrayBufferWriter<byte> _bytes = new();

    private PlanBytes()
    {
    }

    public static ImmutableArray<byte> Hash(QueryPlan plan) => [.. SHA256.HashData(Write(plan))];

    /// <summary>SHA-256 of what a release must have in common with a question that may be answered from it: rows, zone and contribution bounds.</summary>
    public static ImmutableArray<byte> Frame(QueryPlan plan) => [.. SHA256.HashData(OfFrame(plan)._bytes.WrittenSpan)];

    /// <summary>SHA-256 of what plans must have in common to be one: the frame, the cells, how contributions are bounded, and the kind of noise.</summary>
    public static ImmutableArray<byte> CellFrame(QueryPlan plan)
    {
        PlanBytes bytes = OfFrame(plan);
        bytes.Add(plan.Range.From.Ticks);
        bytes.Add(plan.Range.To.Ticks);
        bytes.AddKeys(plan.Keys);
        bytes.AddKeys(plan.Groups);
        bytes.AddNesting(plan.Nesting);
        bytes.Add(plan.Nesting.L0);
        bytes.AddOrdinals(plan.Ordinals);
        bytes.Add(QueryWords.Of(plan.Mechanism));
        bytes.Add(plan.Delta.ToString("R", CultureInfo.InvariantCulture));
        return [.. SHA256.HashData(bytes._bytes.WrittenSpan)];
    }

    public static byte[] Write(QueryPlan plan)
    {
        PlanBytes bytes = new();
        bytes.Add(Version);
        bytes.AddDataset(plan.Dataset);
        bytes.Add(plan.Range.From.Ticks);
        bytes.Add(plan.Range.To.Ticks);
        bytes.AddConditions(plan.Where);
        bytes.AddKeys(plan.Keys);
        bytes.AddKeys(plan.Groups);
        bytes.Add(plan.Calendar.Zone.Id);
        bytes.AddOffsets(plan.UnitOffsets);
        bytes.Add(plan.Blocks.From);
        bytes.Add(plan.Blocks.To);
        bytes.Add(plan.RowsPerGroup);
        bytes.AddNesting(plan.Nesting);
        bytes.AddOrdinals(plan.Ordinals);
        bytes.Add(QueryWords.Of(plan.Mechanism));
        bytes.Add(plan.Delta.ToString("R", CultureInfo.InvariantCulture));
        bytes.Add(plan.Measures.Length);
        foreach (PlannedMeasure measure in plan.Measures)
            bytes.AddMeasure(measure);
        bytes.AddSelection(plan.Selection);
        bytes.AddSource(plan);
        return bytes._bytes.WrittenSpan.ToArray();
    }

    private static PlanBytes OfFrame(QueryPlan plan)
    {
        PlanBytes bytes = new();
        bytes.Add(FrameVersion);
        bytes.AddDataset(plan.Dataset);
        bytes.AddConditions(plan.Where);
        bytes.Add(plan.Calendar.Zone.Id);
        bytes.Add(plan.Bounds.Groups);
        bytes.Add(plan.Bounds.RowsPerGroup);
        bytes.Add(plan.BoundsSetBy);
        // What a source makes of rows can depend on its range, which is part of its text.
        bytes.Add(plan.Source is PlannedTable ? "" : plan.Source.Canonical);
        bytes.Add(plan.Source.Datasets.Length);
        foreach (Dataset dataset in plan.Source.Datasets)
            bytes.AddDataset(dataset);
        return bytes;
    }

    private void AddDataset(Dataset dataset)
    {
        Add(dataset.Tenant.Value);
        Add(dataset.Id);
        Add(dataset.Version);
        Add(dataset.SubjectScope);
        Add(dataset.TimeZone);
        Add((int)dataset.Unit);
    }

    // The rows of a dataset are what a plan without this part is about.
    private void AddSource(QueryPlan plan)
    {
        if (plan.Source is PlannedTable)
            return;
        Add(plan.Source.Canonical);
        Add(plan.Derivation is null ? 0 : 1);
        Add(plan.Nesting.L0);
        Add(plan.Nesting.Coupled ? 1 : 0);
        Add(plan.Source.Datasets.Length);
        foreach (Dataset dataset in plan.Source.Datasets)
            AddDataset(dataset);
    }

    private void AddConditions(ImmutableArray<PlannedExpression> conditions)
    {
        Add(conditions.Length);
        foreach (PlannedExpression condition in conditions)
            Add(condition.Canonical);
    }

    private void AddKeys(ImmutableArray<PlannedKey> keys)
    {
        Add(keys.Length);
        foreach (PlannedKey key in keys)
        {
            switch (key)
            {
                case PlannedPeriodKey period:
                    Add("period");
                    Add(QueryWords.Of(period.Grid.Period));
                    Add(period.Grid.Count);
                    foreach (DateTime start in period.Grid.Starts)
                        Add(start.Ticks);
                    Add(period.Grid.End.Ticks);
                    Add([.. period.Grid.Labels]);
                    AddOffsets(period.Offsets);
                    break;
                case PlannedExpressionKey value:
                    Add(value.Domain is null ? "private" : "public");
                    Add(value.Expression.Canonical);
                    Add(value.Domain ?? []);
                    break;
                default:
                    throw new InvalidOperationException("Unknown kind of key.");
            }
        }
    }

    private void AddOffsets(DayOffsets? offsets)
    {
        Add(offsets?.Segments.Length ?? -1);
        foreach (DayOffsets.Segment segment in offsets?.Segments ?? [])
        {
            Add(segment.Until is { } until ? until.Ticks : long.MaxValue);
            Add(segment.Seconds);
        }
    }

    private void AddNesting(Nesting nesting)
    {
        Add(nesting.Kappa);
        Add(nesting.Ranked ? 1 : 0);
        Add(nesting.SpanL0);
        Add(nesting.SpanKappa);
        Add(nesting.SpanRanked ? 1 : 0);
        Add(nesting.Spans ? 1 : 0);
    }

    private void AddOrdinals(OrdinalTruncation? ordinals)
    {
        Add(ordinals is null ? "nested" : "ordinals");
        Add(ordinals?.RowBounds.GroupsKept ?? -1);
        Add(ordinals?.RowBounds.RowsKeptPerGroup ?? -1);
        Add(ordinals?.RowBounds.RowsKeptPerWindow ?? -1);
    }

    private void AddMeasure(PlannedMeasure measure)
    {
        Add(QueryWords.Of(measure.Function));
        Add([.. measure.Points.Select(ValueGrid.Text)]);
        Add(measure.Labels);
        Add(measure.Components.Length);
        foreach (Component component in measure.Components)
            AddComponent(component);
    }

    private void AddComponent(Component component)
    {
        Add(component.Shape.Canonical);
        Add(component.RowsPerGroup);
        Add(component.Sensitivity.L0);
        Add(component.Sensitivity.MaxChange.ToString(CultureInfo.InvariantCulture));
        Add(component.Sensitivity.L1.ToString(CultureInfo.InvariantCulture));
        Add(component.Sensitivity.SquaredL2.ToString(CultureInfo.InvariantCulture));
        Add(component.Scale?.Text ?? "");
        Add(component.Cost.Value);
    }

    private void AddSelection(KeySelection? selection)
    {
        Add(selection is null ? 0 : 1);
        if (selection is null)
            return;
        AddComponent(selection.Component);
        Add(selection.IsMeasure ? 1 : 0);
        Add(selection.Threshold ?? -1);
        Add(selection.Rule.LeastUnits);
        Add(selection.Delta.Value.ToString(CultureInfo.InvariantCulture));
    }

    private void Add(ImmutableArray<string> texts)
    {
        Add(texts.Length);
        foreach (string text in texts)
            Add(text);
    }

    private void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _bytes.Write(bytes);
    }

    private void Add(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(bytes.Length);
        _bytes.Write(bytes);
    }
}
