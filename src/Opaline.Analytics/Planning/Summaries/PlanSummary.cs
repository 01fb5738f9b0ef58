using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Everything public about a plan that a reader needs to judge its answer. Known before any data is touched.</summary>
/// <param name="Dataset">Name of the dataset.</param>
/// <param name="SchemaVersion">Version of the dataset.</param>
/// <param name="PlanHash">SHA-256 of the canonical plan, hexadecimal: equal plans replay one release.</param>
/// <param name="Unit">Whose presence or absence the answer hides.</param>
/// <param name="TimeZone">Zone in which periods are cut.</param>
/// <param name="From">First instant, UTC.</param>
/// <param name="To">First instant after, UTC.</param>
/// <param name="RangeSetBy"><c>request</c>, <c>declared_range</c> or <c>last_30_periods</c>.</param>
/// <param name="Keys">The keys of the rows.</param>
/// <param name="Cells">Number of cells; null where keys are selected privately.</param>
/// <param name="Groups">κ: the most groups one unit counts in.</param>
/// <param name="RowsPerGroup">L: the most rows of one unit that count in one group.</param>
/// <param name="BoundsSetBy">
/// <c>request</c>, <c>dataset</c>, <c>form</c> (a behaviour such as a funnel has bounds of its own) or <c>release:</c> and the id of the release that
/// proposed them.
/// </param>
/// <param name="Ranked">Whether a unit's groups beyond κ are dropped; false where the public keys leave at most κ anyway.</param>
/// <param name="Mechanism">The noise.</param>
/// <param name="Measures">The measures.</param>
/// <param name="Selection">How keys are selected; null for public keys.</param>
/// <param name="Blocks">For a period unit: the number of blocks that pay; else 1.</param>
public sealed record PlanSummary(
    string Dataset,
    int SchemaVersion,
    string PlanHash,
    string Unit,
    string TimeZone,
    DateTime From,
    DateTime To,
    string RangeSetBy,
    ImmutableArray<KeySummary> Keys,
    int? Cells,
    int Groups,
    int RowsPerGroup,
    string BoundsSetBy,
    bool Ranked,
    NoiseMechanism Mechanism,
    ImmutableArray<MeasureSummary> Measures,
    SelectionSummary? Selection,
    long Blocks)
{
    /// <summary>
    /// How contributions are bounded: <c>nested</c>, by grouping by unit, or <c>ordinals</c>, by the ordinals that rows of sealed windows carry. Then
    /// <see cref="RowsPerGroup"/> is about the rows of a unit on one day, with one action where the dataset has actions.
    /// </summary>
    public string Truncation { get; init; } = "nested";

    /// <summary>k: how many such days and actions of a unit count in each window; null if ordinals do not bound them.</summary>
    public int? GroupsPerWindow { get; init; }

    /// <summary>R: how many rows of a unit count in each window; null if ordinals do not bound them.</summary>
    public int? RowsPerWindow { get; init; }

    /// <summary>
    /// The most rows of a unit, or of a dataset about nobody with one value of the field that is joined on, that each side of a join brings, by lot, as rows
    /// multiply there; null where none do.
    /// </summary>
    public int? RowsPerSide { get; init; }

    /// <summary>The measure of a number of a row.</summary>
    internal MeasureSummary MeasureAt(int column) => Measures.SelectMany(m => m.Columns.Select(_ => m)).ElementAt(column);

    /// <summary>Some of its measures, by their places; what selects the keys of all is paid with the first.</summary>
    internal PlanSummary Part(int first, int count) => this with
    {
        Measures = Measures.Slice(first, count),
        Selection = first == 0 || Selection is null ? Selection : Selection with { NanoRho = 0 },
    };
}
